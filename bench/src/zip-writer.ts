/** Writes the .eml files of a folder into one part, with nothing around it: zip-writer.ts FOLDER DIRECTORY. Prints how many. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { nodeDisk } from '../../packages/core/dist/archive/disk.js';
import { BodyPreparer } from '../../packages/core/dist/archive/zip/body-preparer.js';
import { createPart } from '../../packages/core/dist/archive/zip/part-file.js';
import type { PreparedBody } from '../../packages/core/dist/archive/zip/prepare-body.js';
import { WorkThreads } from '../../packages/core/dist/archive/zip/work-threads.js';
import type { ArchiveEntry } from '../../packages/core/dist/mail/archive-entry.js';

/** Bodies that are read ahead of the writing. */
const AHEAD = 64;

const [folder = '', directory = ''] = process.argv.slice(2);
const threads = new WorkThreads();
const preparer = new BodyPreparer(threads);
const part = await createPart(nodeDisk, directory, 'part-0001.zip');
const entries: ArchiveEntry[] = [];
const underWay: { readonly name: string; readonly prepared: Promise<PreparedBody> }[] = [];
const when = new Date(0);

const write = async (): Promise<void> => {
  const next = underWay.shift();
  if (next) entries.push(await part.append(next.name, when, await next.prepared));
};

for (const name of readdirSync(folder)) {
  underWay.push({ name, prepared: preparer.prepare(readFileSync(join(folder, name))) });
  if (underWay.length >= AHEAD) await write();
}
while (underWay.length > 0) await write();
await part.writeDirectory(entries);
await part.close();
await threads.close();
process.stdout.write(`${entries.length}\n`);

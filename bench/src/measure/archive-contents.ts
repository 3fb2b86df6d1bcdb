import { execFile } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { contentLine } from '../mail/mail-account.ts';

const execute = promisify(execFile);

/**
 * Reads an archive with the programs of others: `sha256sum -c` on its parts and manifests, `7zz` to take the parts
 * apart into `directory`, `sha256sum -c` on every message by the manifests. Gives back what the manifests list, in
 * the form of MailAccount.contents. Throws when a program finds something wrong.
 */
export const readArchive = async (archive: string, directory: string): Promise<string[]> => {
  await execute('sha256sum', ['--quiet', '--strict', '-c', 'SHA256SUMS'], { cwd: archive });
  const contents: string[] = [];
  const sums: string[] = [];
  for (const name of (await readdir(archive)).filter((each) => each.endsWith('.manifest.jsonl'))) {
    for await (const line of createInterface(createReadStream(join(archive, name)))) {
      const record = JSON.parse(line);
      if (record.kind !== 'message') continue;
      contents.push(contentLine(record.mailbox, record.sha256));
      sums.push(`${record.sha256}  ${record.name}\n`);
    }
  }
  await mkdir(directory);
  for (const name of (await readdir(archive)).filter((each) => each.endsWith('.zip')))
    await execute('7zz', ['x', '-bso0', '-bsp0', join(archive, name)], { cwd: directory });
  await writeFile(join(directory, 'sums'), sums.join(''));
  await execute('sha256sum', ['--quiet', '--strict', '-c', 'sums'], { cwd: directory });
  return contents.toSorted();
};

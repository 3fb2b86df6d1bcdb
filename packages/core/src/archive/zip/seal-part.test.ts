import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Disk, nodeDisk } from '../disk.ts';
import { createPart, resumePart } from './part-file.ts';
import { prepareBody } from './prepare-body.ts';
import { finishSeal, hasFinalName, type SealOptions, sealPart } from './seal-part.ts';
import { WorkThreads } from './work-threads.ts';

const fileName = 'part-0001.zip';
const when = new Date('2024-02-29T12:34:56Z');
const signal = new AbortController().signal;
const threads = new WorkThreads();
afterAll(() => threads.close());
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'mailferry-seal-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** A part with recorded messages, and what it takes to seal it. */
const begin = async (disk: Disk = nodeDisk) => {
  const part = await createPart(disk, directory, fileName);
  const entries = [];
  for (const text of ['first', 'second', 'third']) {
    const entry = await part.append(`inbox/${text}.eml`, when, await prepareBody(Buffer.from(text.repeat(50))));
    entries.push({ ...entry, mailbox: 'INBOX', uidValidity: 1, locator: text, internalDate: null, flags: [], messageId: null });
  }
  const mailboxes = [{ path: 'INBOX', delimiter: '/', specialUse: null, folder: 'inbox' }];
  const options: SealOptions = {
    disk,
    directory,
    fileName,
    entries,
    mailboxes,
    source: 'imap:a@b',
    previous: null,
    encryption: null,
    threads,
    signal,
  };
  return { part, options, entries, committedBytes: await part.sync() };
};

/** Name to content of everything in the folder. */
const contents = (): Map<string, string> =>
  new Map(
    readdirSync(directory)
      .toSorted()
      .map((name) => [name, readFileSync(join(directory, name), 'latin1')]),
  );

describe('sealing', () => {
  it('leaves the part under its final name with its manifest, and says what they are', async () => {
    const { part, options } = await begin();
    const seal = await sealPart(part, options);
    expect(seal).toMatchObject({ fileName, entryCount: 3, manifestName: 'part-0001.manifest.jsonl' });
    expect(seal.sizeBytes).toBe(readFileSync(join(directory, fileName)).length);
    expect([...contents().keys()]).toEqual(['part-0001.manifest.jsonl', fileName]);
    expect(hasFinalName(directory, fileName)).toBe(true);
  });

  it('comes to the same end from wherever it was broken off', async () => {
    const undisturbed = await begin();
    const expected = { seal: await sealPart(undisturbed.part, undisturbed.options), contents: contents() };
    class Broken extends Error {}
    for (let breaksAt = 0; ; breaksAt += 1) {
      for (const name of readdirSync(directory)) rmSync(join(directory, name));
      const { part, entries, committedBytes, options } = await begin();
      let steps = 0;
      const step = (): void => {
        steps += 1;
        if (steps > breaksAt) throw new Broken();
      };
      const disk: Disk = {
        ...nodeDisk,
        replace: async (path, content) => {
          step();
          return nodeDisk.replace(path, content);
        },
        rename: async (from, to) => {
          step();
          await nodeDisk.rename(from, to);
          step();
        },
      };
      const outcome = await sealPart(part, { ...options, disk }).catch((error: unknown) => error);
      if (!(outcome instanceof Broken)) {
        expect(breaksAt).toBe(3);
        return;
      }
      const finished = hasFinalName(directory, fileName)
        ? await finishSeal(options)
        : await sealPart(await resumePart(nodeDisk, directory, fileName, committedBytes, entries), options);
      expect(finished).toEqual(expected.seal);
      expect(contents()).toEqual(expected.contents);
    }
  });

  it('is the same when it is finished twice', async () => {
    const { part, options } = await begin();
    const seal = await sealPart(part, options);
    const before = contents();
    expect(await finishSeal(options)).toEqual(seal);
    expect(contents()).toEqual(before);
  });
});

describe('a part that does not read back as it was written', () => {
  it('is not sealed, and keeps its open name', async () => {
    const { part, options } = await begin();
    const file = await nodeDisk.open(part.path);
    await file.write([Buffer.from('X')], 60);
    await file.close();
    await expect(sealPart(part, options)).rejects.toMatchObject({ code: 'archive-part-damaged', details: { part: fileName } });
    expect([...contents().keys()]).toEqual(['part-0001.zip.open']);
  });

  it('is not taken for sealed under its final name either', async () => {
    const { part, options } = await begin();
    await sealPart(part, options);
    const [first] = options.entries;
    const entries = first ? [{ ...first, sha256: '0'.repeat(64) }, ...[...options.entries].slice(1)] : [];
    await expect(finishSeal({ ...options, entries })).rejects.toMatchObject({ code: 'archive-part-damaged' });
  });

  it('is not sealed after the run was stopped', async () => {
    const { part, options } = await begin();
    await expect(sealPart(part, { ...options, signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' });
    expect(hasFinalName(directory, fileName)).toBe(false);
    expect(readdirSync(directory)).toEqual(['part-0001.zip.open']);
  });
});

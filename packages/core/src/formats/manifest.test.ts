import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isMailferryError } from '../errors.ts';
import { encodeManifest, type ManifestRecord, type MessageRecord, readManifest } from './manifest.ts';

let path: string;

beforeEach(() => {
  path = join(mkdtempSync(join(tmpdir(), 'mailferry-manifest-')), 'part-0001.manifest.jsonl');
});
afterEach(() => rmSync(join(path, '..'), { recursive: true, force: true }));

const sha256 = 'a'.repeat(64);
const part: ManifestRecord = {
  ...{ kind: 'part', format: 2, part: 'part-0001.zip', sizeBytes: 1, sha256, entries: 1 },
  ...{ merkleRoot: sha256, previous: null, source: 'imap:a@b' },
};
const message: MessageRecord = {
  kind: 'message',
  name: 'x.eml',
  sha256,
  sizeBytes: 1,
  mailbox: 'x',
  uidValidity: 1,
  uid: 1,
  internalDate: null,
  flags: [],
  messageId: null,
};

const read = async (): Promise<ManifestRecord[]> => {
  const records: ManifestRecord[] = [];
  for await (const record of readManifest({ path })) records.push(record);
  return records;
};

describe('a manifest', () => {
  it('reads back as it was written, whatever the names, flags and line ends in them', async () => {
    const text = fc.string({ unit: 'binary' });
    const records = fc.array(
      fc.record({
        kind: fc.constant('message' as const),
        name: text,
        sha256: fc.constant(sha256),
        sizeBytes: fc.nat(),
        mailbox: fc.oneof(text, fc.constantFrom('a\nb', '\u2028', '받은편지함')),
        uidValidity: fc.nat(),
        uid: fc.oneof(fc.nat(), text),
        internalDate: fc.option(
          fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-12-31') }).map((date) => date.toISOString()),
        ),
        flags: fc.array(text),
        messageId: fc.option(text),
      }),
      { maxLength: 5 },
    );
    await fc.assert(
      fc.asyncProperty(records, async (messages) => {
        const all: ManifestRecord[] = [part, { kind: 'mailbox', path: 'x', delimiter: null, specialUse: null, folder: 'x' }, ...messages];
        writeFileSync(path, [...encodeManifest(all)].join(''));
        expect(await read()).toEqual(all);
      }),
      { numRuns: 40 },
    );
  });

  it('survives lines that blocks of the file cut in two, inside a character too', async () => {
    const all = Array.from({ length: 3000 }, (_, i): ManifestRecord => ({ ...message, name: `${'가'.repeat(i % 97)}.eml` }));
    writeFileSync(path, [...encodeManifest(all)].join(''));
    expect(await read()).toEqual(all);
  });

  it('survives blocks that are written over by the next', async () => {
    const all = Array.from({ length: 100 }, (_, i): ManifestRecord => ({ ...message, name: `${'가'.repeat(i % 97)}.eml` }));
    const bytes = Buffer.from([...encodeManifest(all)].join(''));
    const content = async function* (): AsyncGenerator<Uint8Array> {
      const block = Buffer.alloc(100);
      for (let at = 0; at < bytes.length; at += 100) yield block.subarray(0, bytes.copy(block, 0, at, at + 100));
    };
    const records: ManifestRecord[] = [];
    for await (const record of readManifest({ path, content: content() })) records.push(record);
    expect(records).toEqual(all);
  });
});

describe('a manifest that is none', () => {
  const line = (value: unknown): string => `${JSON.stringify(value)}\n`;

  it.each([
    ['no JSON', '{"kind":'],
    ['an unknown kind', line({ kind: 'folder' })],
    ['a format from the future', line({ ...part, format: 3 })],
    ['a checksum that is none', line({ ...message, sha256: 'A'.repeat(64) })],
    ['a negative size', line({ ...message, sizeBytes: -1 })],
    ['a missing key', line({ ...message, name: undefined })],
    ['a date that is none', line({ ...message, internalDate: 'yesterday' })],
    ['an empty line', '\n'],
  ])('is refused for %s, with the line', async (_, text) => {
    writeFileSync(path, line(part) + text);
    await expect(read()).rejects.toMatchObject({ code: 'manifest-invalid', details: { path, line: 2 } });
  });

  it('is refused for a line that is too long, before all of it is in memory', async () => {
    writeFileSync(path, line(part));
    truncateSync(path, 3 * 1024 ** 3);
    await expect(read()).rejects.toMatchObject({ code: 'manifest-invalid' });
  });

  it('is refused when it is not there, or a folder', async () => {
    await expect(read()).rejects.toMatchObject({ code: 'manifest-invalid' });
    path = join(path, '..');
    await expect(read()).rejects.toMatchObject({ code: 'manifest-invalid' });
    path = join(path, 'x');
  });

  it('gives what stands before the damage, and then the error', async () => {
    const whole = [...encodeManifest([part, message, message])].join('');
    for (let length = 0; length <= whole.length; length += 1) {
      writeFileSync(path, whole.slice(0, length));
      const records: ManifestRecord[] = [];
      try {
        for await (const record of readManifest({ path })) records.push(record);
      } catch (error) {
        expect(isMailferryError(error, 'manifest-invalid')).toBe(true);
      }
      expect(records).toEqual([part, message, message].slice(0, whole.slice(0, length + 1).split('}\n').length - 1));
    }
  });
});

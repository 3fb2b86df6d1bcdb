import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readChecksums, writeChecksums } from './checksums.ts';
import { nodeDisk } from './disk.ts';

const [a, b] = ['a'.repeat(64), 'b'.repeat(64)];
let directory: string;
let path: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'mailferry-checksums-'));
  path = join(directory, 'SHA256SUMS');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

it('writes lines as sha256sum does, sorted by name, and reads them back', async () => {
  const checksums = new Map([
    ['part-0002.zip', b],
    ['part-0001.zip', a],
    ['part-0001.manifest.jsonl', b],
  ]);
  await writeChecksums(nodeDisk, directory, checksums);
  expect(readFileSync(path, 'utf8')).toBe(`${b}  part-0001.manifest.jsonl\n${a}  part-0001.zip\n${b}  part-0002.zip\n`);
  expect(await readChecksums(directory)).toEqual(checksums);
  expect(readdirSync(directory)).toEqual(['SHA256SUMS']);
});

it('leaves the file alone when nothing changed', async () => {
  await writeChecksums(nodeDisk, directory, new Map([['part-0001.zip', a]]));
  const before = statSync(path, { bigint: true });
  await writeChecksums(nodeDisk, directory, new Map([['part-0001.zip', a]]));
  expect(statSync(path, { bigint: true })).toMatchObject({ ino: before.ino, mtimeNs: before.mtimeNs });
});

it('reads the lines of binary mode too', async () => {
  writeFileSync(path, `${a} *part-0001.zip\n${b}  part-0002.zip`);
  expect(await readChecksums(directory)).toEqual(
    new Map([
      ['part-0001.zip', a],
      ['part-0002.zip', b],
    ]),
  );
});

it.each([
  ['another line', 'hello\n'],
  ['a checksum that is too short', `${a.slice(1)}  x\n`],
  ['capital letters', `${a.toUpperCase()}  x\n`],
  ['a file in another folder', `${a}  ../x\n`],
  ['a name twice', `${a}  x\n${b}  x\n`],
])('refuses %s, and says where', async (_, text) => {
  writeFileSync(path, `${b}  first\n${text}`);
  await expect(readChecksums(directory)).rejects.toMatchObject({
    code: 'checksums-invalid',
    details: { path, line: text.includes('first') ? 1 : text.split('\n').length },
  });
});

it('says that there is no archive where there are no checksums', async () => {
  await expect(readChecksums(directory)).rejects.toMatchObject({ code: 'archive-missing', details: { path: directory } });
});

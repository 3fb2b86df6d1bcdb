import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openFileBytes } from './file-bytes.ts';

let directory: string;
const TEXT = Buffer.from(Array.from({ length: 60_000 }, (_, i) => `line ${(i * 7919) % 60_013}\n`).join(''));

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'mailferry-gzip-'));
});

afterAll(() => rmSync(directory, { recursive: true }));

const openGzip = (content: Buffer) => {
  const path = join(directory, 'x.gz');
  writeFileSync(path, content);
  return openFileBytes(path);
};

const readAll = async (content: Buffer, blockBytes: number) => {
  const file = await openGzip(content);
  const pieces: Buffer[] = [];
  for (let at = 0; ; ) {
    const block = Buffer.alloc(blockBytes);
    const length = await file.read(block, at);
    pieces.push(block.subarray(0, length));
    at += length;
    if (length < blockBytes) break;
  }
  await file.close();
  return { text: Buffer.concat(pieces), damage: file.damage };
};

it.each([1000, 65_536, 10_000_000])('decompresses in blocks of %i', async (blockBytes) => {
  const { text, damage } = await readAll(gzipSync(TEXT), blockBytes);
  expect(text.equals(TEXT)).toBe(true);
  expect(damage).toBeNull();
});

it('goes on behind a joint of two gzip files', async () => {
  const { text, damage } = await readAll(Buffer.concat([gzipSync(TEXT), gzipSync('more')]), 50_000);
  expect(text.equals(Buffer.concat([TEXT, Buffer.from('more')]))).toBe(true);
  expect(damage).toBeNull();
});

it('reads forward, and anew to go back', async () => {
  const file = await openGzip(gzipSync(TEXT));
  const block = Buffer.alloc(100);
  for (const at of [500_000, 500_050, 10, 200_000, TEXT.length - 30, TEXT.length + 10]) {
    const expected = TEXT.subarray(at, at + 100);
    expect(await file.read(block, at)).toBe(expected.length);
    expect(block.subarray(0, expected.length).equals(expected)).toBe(true);
  }
  await file.close();
});

it.each([0.2, 0.5, 0.999])('gives what stands before a cut at %d, the same each time, and says so', async (share) => {
  const whole = gzipSync(TEXT);
  const cut = whole.subarray(0, Math.floor(whole.length * share));
  const { text, damage } = await readAll(cut, 4096);
  expect(damage).toMatch(/cut or broken/);
  expect(text.length).toBeGreaterThan(TEXT.length * share * 0.8);
  expect(TEXT.subarray(0, text.length).equals(text)).toBe(true);
  expect((await readAll(cut, 70_000)).text.equals(text)).toBe(true);
});

it('gives what stands before a broken place', async () => {
  const broken = gzipSync(TEXT);
  broken.fill(0xff, broken.length / 2, broken.length / 2 + 200);
  const { text, damage } = await readAll(broken, 4096);
  expect(damage).toMatch(/cut or broken/);
  expect(text.length).toBeGreaterThan(TEXT.length / 4);
  expect(TEXT.subarray(0, TEXT.length / 4).equals(text.subarray(0, TEXT.length / 4))).toBe(true);
});

import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeDisk } from './disk.ts';

let directory: string;
let path: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'mailferry-disk-'));
  path = join(directory, 'file');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe('a file', () => {
  it('takes any number of pieces at any place, empty ones too', async () => {
    const file = await nodeDisk.create(path);
    const pieces = Array.from({ length: 3000 }, (_, i) => Buffer.alloc(i % 5, String(i % 10)));
    await file.write([Buffer.alloc(0)], 0);
    await file.write([Buffer.from('head'), ...pieces], 0);
    await file.write([Buffer.from('HE')], 0);
    await file.sync();
    await file.close();
    expect(readFileSync(path)).toEqual(Buffer.concat([Buffer.from('HEad'), ...pieces]));
  });

  it('is cut, gone on with, and begun anew by create', async () => {
    writeFileSync(path, 'recorded, and what was not');
    const file = await nodeDisk.open(path);
    await file.truncate(8);
    await file.write([Buffer.from('!')], 8);
    await file.close();
    expect(readFileSync(path, 'utf8')).toBe('recorded!');
    await (await nodeDisk.create(path)).close();
    expect(readFileSync(path, 'utf8')).toBe('');
  });
});

describe('replacing a file', () => {
  it('puts all of it in place and gives its size and checksum', async () => {
    const lines = Array.from({ length: 50_000 }, (_, i) => `줄 ${i}\n`);
    const whole = Buffer.from(lines.join(''));
    const sha256 = createHash('sha256').update(whole).digest('hex');
    expect(await nodeDisk.replace(path, lines)).toEqual({ sizeBytes: whole.length, sha256 });
    expect(readFileSync(path)).toEqual(whole);
    await nodeDisk.replace(path, []);
    expect(readFileSync(path, 'utf8')).toBe('');
    expect(readdirSync(directory)).toEqual(['file']);
  });

  it('leaves the old file as it was when the new one fails half way', async () => {
    writeFileSync(path, 'old');
    const failing = function* () {
      yield 'x'.repeat(3_000_000);
      throw new Error('no more');
    };
    await expect(nodeDisk.replace(path, failing())).rejects.toThrow('no more');
    expect(readFileSync(path, 'utf8')).toBe('old');
    await nodeDisk.replace(path, ['new']);
    expect(readFileSync(path, 'utf8')).toBe('new');
  });
});

describe('names', () => {
  it('are changed and removed; one that is gone already is fine', async () => {
    writeFileSync(path, 'x');
    await nodeDisk.rename(path, join(directory, 'final'));
    expect(readdirSync(directory)).toEqual(['final']);
    await nodeDisk.remove(join(directory, 'final'));
    await nodeDisk.remove(join(directory, 'final'));
    expect(readdirSync(directory)).toEqual([]);
  });
});

describe('a disk that refuses', () => {
  it('is disk-failed, with the path and the reason', async () => {
    mkdirSync(path);
    await expect(nodeDisk.create(path)).rejects.toMatchObject({ code: 'disk-failed', details: { path, reason: 'EISDIR' } });
    await expect(nodeDisk.open(join(directory, 'none'))).rejects.toMatchObject({ code: 'disk-failed', details: { reason: 'ENOENT' } });
    await expect(nodeDisk.rename(join(directory, 'none'), path)).rejects.toMatchObject({ code: 'disk-failed' });
  });

  it.skipIf(process.platform !== 'linux')('is disk-full where there is no room', async () => {
    const file = await nodeDisk.open('/dev/full');
    await expect(file.write([Buffer.from('x')], 0)).rejects.toMatchObject({ code: 'disk-full', details: { path: '/dev/full' } });
    await file.close();
  });
});

import { createHash, randomBytes } from 'node:crypto';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ArchiveEntry } from '../../mail/archive-entry.ts';
import { nodeDisk } from '../disk.ts';
import { checkPart } from './check-part.ts';
import { createPart, type PartFile, resumePart } from './part-file.ts';
import { prepareBody } from './prepare-body.ts';
import { readDirectory } from './read-directory.ts';
import { WorkThreads } from './work-threads.ts';

const signal = new AbortController().signal;
const threads = new WorkThreads();
afterAll(() => threads.close());
const when = new Date('2024-02-29T12:34:56Z');
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'mailferry-part-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const add = async (part: PartFile, name: string, body: Buffer, modifiedAt = when): Promise<ArchiveEntry> =>
  part.append(name, modifiedAt, await prepareBody(body));

const pieces = async function* (body: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < body.length; at += size) yield body.subarray(at, at + size);
};

const finish = async (part: PartFile, entries: ArchiveEntry[]) => {
  await part.writeDirectory(entries);
  await part.close();
  return checkPart(part.path, entries, { threads, signal });
};

describe('a part file', () => {
  it('reads back what was put in, whatever the bytes, names and dates', async () => {
    const bodies = fc.array(fc.record({ body: fc.uint8Array({ minLength: 1, maxLength: 3000 }), date: fc.date({ noInvalidDate: true }) }), {
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(bodies, async (messages) => {
        const part = await createPart(nodeDisk, directory, 'part-0001.zip');
        const entries: ArchiveEntry[] = [];
        for (const [i, { body, date }] of messages.entries())
          entries.push(await add(part, `메일함/${i} 제목.eml`, Buffer.from(body), new Date(Math.floor(date.getTime() / 1000) * 1000)));
        const { findings, sizeBytes } = await finish(part, entries);
        expect(findings).toEqual([]);
        expect(sizeBytes).toBe(statSync(part.path).size);
        const listed = await readDirectory(part.path);
        expect(listed.map(({ name, sizeBytes: size, crc32 }) => [name, size, crc32])).toEqual(
          entries.map(({ name, sizeBytes: size, crc32 }) => [name, size, crc32]),
        );
      }),
      { numRuns: 25 },
    );
  });

  it('says its sealed size to the byte beforehand, also where ZIP64 begins', async () => {
    const part = await createPart(nodeDisk, directory, 'part-0001.zip');
    const body = await prepareBody(Buffer.from('x'));
    const entries: ArchiveEntry[] = [];
    for (let i = 0; i < 65_534; i += 1) entries.push(await part.append(`${i}.eml`, when, body));
    for (const name of ['last-without.eml', 'first-with.eml', 'second-with.eml']) {
      const predicted = part.sizeWith(name, when, body.data.length);
      entries.push(await part.append(name, when, body));
      await part.writeDirectory(entries);
      expect(statSync(part.path).size).toBe(predicted);
    }
    expect(await readDirectory(part.path)).toHaveLength(65_537);
    await part.close();
  });

  it('takes a stream piece by piece and gets the same bytes as from memory', async () => {
    const body = Buffer.from(randomBytes(400_000).toString('base64').replace(/.{76}/g, '$&\r\n'));
    const names: Buffer[] = [];
    for (const size of [1000, 65_536, body.length]) {
      const part = await createPart(nodeDisk, directory, 'part-0001.zip');
      const entry = await part.appendStream('big.eml', when, body.length, pieces(body, size));
      expect(entry.sha256).toBe(createHash('sha256').update(body).digest('hex'));
      expect((await finish(part, [entry])).findings).toEqual([]);
      names.push(readFileSync(part.path));
    }
    expect(names[1]).toEqual(names[0]);
    expect(names[2]).toEqual(names[0]);
  });

  it('is never bigger than was said beforehand of a stream, whatever deflate makes of it', async () => {
    for (const body of [randomBytes(3_000_000), Buffer.alloc(3_000_000), randomBytes(16_384), Buffer.from('x'), Buffer.alloc(0)]) {
      const part = await createPart(nodeDisk, directory, 'part-0001.zip');
      const atMost = part.sizeWithStream('big.eml', when, body.length);
      const entry = await part.appendStream('big.eml', when, body.length, pieces(body, 65_536));
      expect((await finish(part, [entry])).sizeBytes).toBeLessThanOrEqual(atMost);
    }
  });

  it('is as before when a stream breaks or has another length', async () => {
    const part = await createPart(nodeDisk, directory, 'part-0001.zip');
    const first = await add(part, 'a.eml', Buffer.from('first'));
    const broken = async function* () {
      yield randomBytes(300_000);
      throw new Error('connection lost');
    };
    await expect(part.appendStream('b.eml', when, 1_000_000, broken())).rejects.toThrow('connection lost');
    await expect(part.appendStream('b.eml', when, 11, pieces(Buffer.alloc(10, 'x'), 3))).rejects.toThrow('a stream of 11 bytes had 10');
    let asked = 0;
    const endless = async function* () {
      for (; ; asked += 1) yield randomBytes(65_536);
    };
    await expect(part.appendStream('b.eml', when, 1_000_000, endless())).rejects.toThrow('a stream of 1000000 bytes had more');
    expect(asked).toBeLessThan(20);
    const second = await add(part, 'c.eml', Buffer.from('second'));
    expect((await finish(part, [first, second])).findings).toEqual([]);
  });

  it('takes an entry back', async () => {
    const part = await createPart(nodeDisk, directory, 'part-0001.zip');
    const first = await add(part, 'a.eml', Buffer.from('first'));
    const predicted = part.sizeWith('b.eml', when, 3);
    await part.takeBack(await part.appendStream('twice.eml', when, 6, pieces(Buffer.from('second'), 2)));
    expect(part.sizeWith('b.eml', when, 3)).toBe(predicted);
    expect((await finish(part, [first])).findings).toEqual([]);
  });
});

describe('resuming a part', () => {
  it('cuts off what was never recorded and gives the file of an undisturbed run', async () => {
    const undisturbed = await createPart(nodeDisk, directory, 'undisturbed.zip');
    const whole = [await add(undisturbed, 'a.eml', Buffer.from('first')), await add(undisturbed, 'b.eml', Buffer.from('second'))];
    await finish(undisturbed, whole);
    for (const debris of ['', 'x', 'half an entry'.repeat(1000)]) {
      const part = await createPart(nodeDisk, directory, 'part-0001.zip');
      const first = await add(part, 'a.eml', Buffer.from('first'));
      const committed = await part.sync();
      await part.close();
      appendFileSync(part.path, debris);
      const resumed = await resumePart(nodeDisk, directory, 'part-0001.zip', committed, [first]);
      const second = await add(resumed, 'b.eml', Buffer.from('second'));
      expect((await finish(resumed, [first, second])).findings).toEqual([]);
      expect(readFileSync(resumed.path)).toEqual(readFileSync(undisturbed.path));
    }
  });

  it('refuses a file that lost recorded bytes', async () => {
    const part = await createPart(nodeDisk, directory, 'part-0001.zip');
    const first = await add(part, 'a.eml', Buffer.from('first'));
    const committed = await part.sync();
    await part.close();
    truncateSync(part.path, committed - 1);
    await expect(resumePart(nodeDisk, directory, 'part-0001.zip', committed, [first])).rejects.toMatchObject({ code: 'archive-part-lost' });
    rmSync(part.path);
    await expect(resumePart(nodeDisk, directory, 'part-0001.zip', committed, [first])).rejects.toMatchObject({ code: 'archive-part-lost' });
  });
});

describe('checking a part', () => {
  it('finds a flipped bit anywhere in the file, and names the entry it is in', async () => {
    const part = await createPart(nodeDisk, directory, 'part-0001.zip');
    const entries = [
      await add(part, 'a.eml', Buffer.from('Subject: first\r\n\r\nbody of the first message')),
      await add(part, 'b.eml', randomBytes(100)),
    ];
    const { sha256 } = await finish(part, entries);
    const good = readFileSync(part.path);
    for (let at = 0; at < good.length; at += 1) {
      const bad = Buffer.from(good);
      bad.writeUInt8(bad.readUInt8(at) ^ 0x10, at);
      await nodeDisk.open(part.path).then(async (file) => {
        await file.write([bad], 0);
        await file.close();
      });
      const check = await checkPart(part.path, entries, { threads, signal });
      expect(check.sha256).not.toBe(sha256);
      const found = check.findings.map((finding) => finding.entryName);
      const inside = entries.find((entry, i) => at >= entry.byteOffset && at < (entries[i + 1]?.byteOffset ?? good.indexOf('PK\x01\x02')));
      // The last byte of deflated data has unused bits: flipped, the message is the same.
      const isLastByte = inside && at + 1 === (entries[entries.indexOf(inside) + 1]?.byteOffset ?? -1);
      if (!isLastByte || found.length > 0) expect(found, `byte ${at}`).toEqual([inside?.name ?? null]);
    }
  });

  it('finds a cut at any place', async () => {
    const part = await createPart(nodeDisk, directory, 'part-0001.zip');
    const entries = [await add(part, 'a.eml', Buffer.from('first')), await add(part, 'b.eml', randomBytes(50))];
    await finish(part, entries);
    for (let size = statSync(part.path).size - 1; size >= 0; size -= 1) {
      truncateSync(part.path, size);
      expect((await checkPart(part.path, entries, { threads, signal })).findings, `${size} bytes`).not.toEqual([]);
    }
  });
});

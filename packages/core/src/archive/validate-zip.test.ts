import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { open, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isMailferryError } from '../errors.ts';
import { validateZip, type ZipLimits } from './validate-zip.ts';

const MAIL = Buffer.from('From: a@example.org\r\nSubject: hello\r\n\r\nThe quick brown fox jumps over the lazy dog.\r\n');
const UTF8 = 0x0800;
const MIB = 1024 ** 2;
/** More than is inflated in memory. */
const LARGE = Buffer.alloc(6 * MIB, 'line of a long mail\r\n');

/** What to write for one entry; what is not given is as a sound writer would have it. */
interface Plan {
  readonly name: string | Buffer;
  readonly body?: Buffer;
  readonly data?: Buffer;
  readonly method?: number;
  readonly flags?: number;
  readonly crc?: number;
  readonly sizeBytes?: number;
  readonly compressedBytes?: number;
  readonly mode?: number;
  readonly extra?: Buffer;
  readonly localName?: string;
  /** Length of an extra field that the local header claims and that isn't there. */
  readonly localExtraBytes?: number;
  readonly byteOffset?: number;
  readonly disk?: number;
  /** Writes the sizes behind the data only, as a streaming writer does. */
  readonly streamed?: boolean;
}

interface EndPlan {
  readonly count?: number;
  readonly directoryBytes?: number;
  readonly directoryOffset?: number;
  readonly disk?: number;
  readonly comment?: Buffer;
  readonly prefix?: Buffer;
  /** Adds the ZIP64 end record and locator, with these differences. */
  readonly zip64?: { readonly count?: number };
}

const encode = (plan: Plan, byteOffset: number): { local: Buffer; central: Buffer } => {
  const { body = MAIL, method = 8, streamed = false, extra = Buffer.alloc(0), localExtraBytes = 0 } = plan;
  const data = plan.data ?? (method === 8 ? deflateRawSync(body) : body);
  const name = Buffer.from(plan.name);
  const localName = Buffer.from(plan.localName ?? name);
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0);
  common.writeUInt16LE((plan.flags ?? (typeof plan.name === 'string' ? UTF8 : 0)) | (streamed ? 8 : 0), 2);
  common.writeUInt16LE(method, 4);
  common.writeUInt32LE(plan.crc ?? crc32(body), 10);
  common.writeUInt32LE(plan.compressedBytes ?? data.length, 14);
  common.writeUInt32LE(plan.sizeBytes ?? body.length, 18);
  const descriptor = streamed ? Buffer.concat([Buffer.from('PK\x07\x08', 'latin1'), common.subarray(10, 22)]) : Buffer.alloc(0);
  const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, localName, data, descriptor]);
  local.writeUInt16LE(localName.length, 26);
  local.writeUInt16LE(localExtraBytes, 28);
  if (streamed) local.fill(0, 14, 26);
  const central = Buffer.concat([Buffer.from('PK\x01\x02\x14\x03', 'latin1'), common, Buffer.alloc(14), name, extra]);
  central.writeUInt16LE(name.length, 28);
  central.writeUInt16LE(extra.length, 30);
  central.writeUInt16LE(plan.disk ?? 0, 34);
  central.writeUInt16LE(plan.mode ?? 0o100644, 40);
  central.writeUInt32LE(plan.byteOffset ?? byteOffset, 42);
  return { local, central };
};

const zip = (plans: readonly Plan[], end: EndPlan = {}): Buffer => {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const plan of plans) {
    const { local, central } = encode(plan, offset);
    locals.push(local);
    centrals.push(central);
    offset += local.length;
  }
  const directory = Buffer.concat(centrals);
  const { comment = Buffer.alloc(0), prefix = Buffer.alloc(0) } = end;
  const record = Buffer.alloc(22);
  record.write('PK\x05\x06', 'latin1');
  record.writeUInt16LE(end.disk ?? 0, 4);
  record.writeUInt16LE((end.count ?? plans.length) % 65536, 8);
  record.writeUInt16LE((end.count ?? plans.length) % 65536, 10);
  record.writeUInt32LE(end.directoryBytes ?? directory.length, 12);
  record.writeUInt32LE(end.directoryOffset ?? offset, 16);
  record.writeUInt16LE(comment.length, 20);
  const zip64 = Buffer.alloc(end.zip64 ? 76 : 0);
  if (end.zip64) {
    zip64.write('PK\x06\x06', 'latin1');
    zip64.writeBigUInt64LE(44n, 4);
    for (const at of [24, 32]) zip64.writeBigUInt64LE(BigInt(end.zip64.count ?? plans.length), at);
    zip64.writeBigUInt64LE(BigInt(directory.length), 40);
    zip64.writeBigUInt64LE(BigInt(offset), 48);
    zip64.write('PK\x06\x07', 56, 'latin1');
    zip64.writeBigUInt64LE(BigInt(offset + directory.length), 64);
    zip64.writeUInt32LE(1, 72);
  }
  return Buffer.concat([prefix, ...locals, directory, zip64, record, comment]);
};

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'validate-zip-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const running = new AbortController().signal;
const validate = async (bytes: Buffer, limits: Partial<ZipLimits> = {}) => {
  const path = join(folder, 'upload.zip');
  writeFileSync(path, bytes);
  return await validateZip(path, { signal: running, limits });
};
const codesOf = async (plans: readonly Plan[], limits?: Partial<ZipLimits>) =>
  (await validate(zip(plans), limits)).refused.map(({ code }) => code);
const reasonFor = async (bytes: Buffer, limits?: Partial<ZipLimits>): Promise<string> => {
  const error = await validate(bytes, limits).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!isMailferryError(error, 'zip-invalid')) throw new Error(`not refused as a whole: ${String(error)}`);
  return String(error.details.reason);
};

const sound: readonly Plan[] = [
  { name: 'INBOX/a.eml' },
  { name: 'INBOX/b.EML', method: 0 },
  { name: '받은메일함/안녕.eml', streamed: true },
];

describe('a ZIP that can be used', () => {
  it('counts entries and bytes, and leaves directories out', async () => {
    const bytes = zip([...sound, { name: 'INBOX/', body: Buffer.alloc(0), method: 0, mode: 0o040755 }]);
    expect(await validate(bytes)).toEqual({
      sizeBytes: bytes.length,
      entryCount: 3,
      accepted: 3,
      refused: [],
      totalBytes: 3 * MAIL.length,
      oddities: [],
    });
  });

  it('refuses entries one by one, in the order of the directory, and takes the others', async () => {
    const large = Buffer.alloc(3 * MIB, 'x\ny ');
    const checked = await validate(
      zip([
        { name: 'large-and-wrong.eml', body: large, crc: 1 },
        { name: 'notes.txt' },
        { name: 'large.eml', body: large },
        { name: 'none.eml', body: Buffer.alloc(0) },
      ]),
    );
    expect(checked).toMatchObject({ entryCount: 4, accepted: 1, totalBytes: large.length });
    expect(checked.refused).toEqual([
      { name: 'large-and-wrong.eml', code: 'damaged' },
      { name: 'notes.txt', code: 'not-eml' },
      { name: 'none.eml', code: 'empty' },
    ]);
  });

  it('reports bytes that no entry accounts for', async () => {
    const oddities = async (bytes: Buffer) => (await validate(bytes)).oddities;
    expect(await oddities(zip(sound, { prefix: Buffer.from('#!/bin/sh\n') }))).toEqual(['leading-bytes']);
    expect(await oddities(Buffer.concat([zip(sound), Buffer.alloc(50)]))).toEqual(['trailing-bytes']);
    const hidden = encode({ name: 'hidden.eml' }, 0).local;
    expect(await oddities(zip([{ name: 'a.eml', method: 0, data: Buffer.concat([MAIL, hidden]), compressedBytes: MAIL.length }]))).toEqual([
      'unlisted-bytes',
    ]);
    expect(await oddities(zip(sound, { comment: Buffer.alloc(0xffff, 'c') }))).toEqual([]);
  });

  it('may use ZIP64 where it need not', async () => {
    const field = Buffer.alloc(20);
    field.writeUInt16LE(1, 0);
    field.writeUInt16LE(16, 2);
    field.writeBigUInt64LE(BigInt(MAIL.length), 4);
    field.writeBigUInt64LE(BigInt(deflateRawSync(MAIL).length), 12);
    const wide: Plan = { name: 'a.eml', streamed: true, sizeBytes: 0xffff_ffff, compressedBytes: 0xffff_ffff, extra: field };
    const saturated = { zip64: {}, count: 0xffff, directoryBytes: 0xffff_ffff, directoryOffset: 0xffff_ffff };
    expect(await validate(zip([wide], saturated))).toMatchObject({ accepted: 1, totalBytes: MAIL.length });
    expect(await validate(zip([wide], { zip64: {}, prefix: Buffer.from('MZ') }))).toMatchObject({
      accepted: 1,
      oddities: ['leading-bytes'],
    });
  });

  it('takes a count that ran over 65,535, as Finder writes it', async () => {
    const many = Array.from({ length: 65_537 }, (_, index): Plan => ({ name: `${index}.eml`, method: 0, body: Buffer.from('x') }));
    expect(await validate(zip(many))).toMatchObject({ entryCount: 65_537, accepted: 65_537, refused: [] });
  });
});

describe('one entry', () => {
  it.each<[string, Plan]>([
    ['empty', { name: 'a.eml', body: Buffer.alloc(0) }],
    ['not-eml', { name: 'a.txt' }],
    ['not-eml', { name: 'a.eml/' }],
    ['unsafe-name', { name: '../a.eml' }],
    ['unsafe-name', { name: 'x/../../a.eml' }],
    ['unsafe-name', { name: '/etc/a.eml' }],
    ['unsafe-name', { name: 'C:/a.eml' }],
    ['unsafe-name', { name: '..\\a.eml' }],
    ['unsafe-name', { name: 'ok.eml\0../a.eml' }],
    ['unsafe-name', { name: 'a\u001b[2J.eml' }],
    ['unsafe-name', { name: '' }],
    ['unsafe-name', { name: `${'n'.repeat(2000)}.eml` }],
    ['unsafe-name', { name: Buffer.from([0xff, 0x2e, 0x65, 0x6d, 0x6c]), flags: UTF8 }],
    ['resource-fork', { name: '__MACOSX/a.eml' }],
    ['resource-fork', { name: 'INBOX/._a.eml' }],
    ['symlink', { name: 'a.eml', mode: 0o120777 }],
    ['symlink', { name: 'a.eml', mode: 0o020644 }],
    ['encrypted', { name: 'a.eml', flags: 1 }],
    ['encrypted', { name: 'a.eml', method: 99 }],
    ['unsupported-method', { name: 'a.eml', method: 14 }],
    ['damaged', { name: 'a.eml', crc: 1 }],
    ['damaged', { name: 'a.eml', crc: 1, streamed: true }],
    ['damaged', { name: 'a.eml', sizeBytes: MAIL.length - 1 }],
    ['damaged', { name: 'a.eml', sizeBytes: MAIL.length + 1 }],
    ['damaged', { name: 'a.eml', method: 0, sizeBytes: MAIL.length - 1 }],
    ['damaged', { name: 'a.eml', data: Buffer.alloc(40, 0xff) }],
    ['damaged', { name: 'a.eml', data: deflateRawSync(MAIL).subarray(0, 40) }],
    ['damaged', { name: 'a.eml', data: Buffer.concat([deflateRawSync(MAIL), Buffer.from('tail')]) }],
    ['damaged', { name: 'a.eml', localExtraBytes: 30 }],
    ['damaged', { name: 'a.eml', localExtraBytes: 0xffff }],
    ['damaged', { name: 'a.eml', localName: 'b.eml' }],
    ['damaged', { name: 'a.eml', localName: 'aa.eml' }],
    ['damaged', { name: 'a.eml', data: deflateRawSync(Buffer.alloc(30 * MIB)), sizeBytes: 100 }],
    ['damaged', { name: 'a.eml', body: LARGE, crc: 1 }],
    ['damaged', { name: 'a.eml', data: deflateRawSync(Buffer.alloc(6 * MIB)), sizeBytes: 6 * MIB - 1 }],
    ['damaged', { name: 'a.eml', data: Buffer.alloc(40, 0xff), sizeBytes: 6 * MIB }],
    ['damaged', { name: 'a.eml', body: LARGE, data: Buffer.concat([deflateRawSync(LARGE), Buffer.alloc(MIB)]) }],
    ['damaged', { name: 'a.eml', body: LARGE, data: deflateRawSync(LARGE).subarray(0, -1) }],
    ['damaged', { name: 'a.eml', body: LARGE, method: 0, crc: 1 }],
    ['too-large', { name: 'a.eml', data: deflateRawSync(Buffer.alloc(70 * MIB)), sizeBytes: 70 * MIB }],
    ['too-large', { name: 'a.eml', sizeBytes: 600 * MIB, method: 0 }],
  ])('is refused as %s: %o', async (code, plan) => {
    const checked = await validate(zip([{ name: 'before.eml' }, plan, { name: 'behind.eml' }]));
    expect(checked.refused.map((refused) => refused.code)).toEqual([code]);
    expect(checked.accepted).toBe(2);
  });

  it('is refused where an earlier one has the name, ignoring case, composition and empty levels', async () => {
    expect(await codesOf([{ name: 'Å/a.eml' }, { name: 'A\u030a/A.EML' }, { name: './Å//a.eml' }])).toEqual([
      'duplicate-name',
      'duplicate-name',
    ]);
  });

  it('is read in full at any size', async () => {
    expect(
      await codesOf([
        { name: 'a.eml', body: LARGE },
        { name: 'b.eml', body: LARGE, method: 0 },
        { name: 'c.eml', body: LARGE.subarray(0, MIB) },
      ]),
    ).toEqual([]);
    expect(await codesOf([{ name: 'a.eml', body: LARGE }], { entryBytes: LARGE.length - 1 })).toEqual(['too-large']);
  });

  it('is named by SPEC K7', async () => {
    const unicodePath = (name: Buffer, replaced: Buffer): Buffer => {
      const head = Buffer.from([0x75, 0x70, name.length + 5, 0, 1, 0, 0, 0, 0]);
      head.writeUInt32LE(crc32(replaced), 5);
      return Buffer.concat([head, name]);
    };
    const korean = iconv.encode('똠방각하.txt', 'cp949');
    const named = await validate(
      zip([
        { name: '한글.txt' },
        { name: Buffer.from('한글2.txt') },
        { name: korean },
        { name: Buffer.from([0x81, 0xff, 0x2e, 0x74, 0x78, 0x74]) },
        { name: korean, extra: unicodePath(Buffer.from('새 이름.txt'), korean) },
        { name: korean, extra: unicodePath(Buffer.from('stale.txt'), Buffer.from('another')) },
      ]),
    );
    expect(named.refused.map(({ name }) => name)).toEqual([
      '한글.txt',
      '한글2.txt',
      '똠방각하.txt',
      'ü\u00a0.txt',
      '새 이름.txt',
      '똠방각하.txt',
    ]);
  });
});

describe('the whole ZIP', () => {
  const bytes = zip(sound);
  const overlapping: readonly Plan[] = [{ name: 'a.eml' }, { name: 'b.eml', byteOffset: 0 }];
  it.each<[string, Buffer]>([
    ['it is empty', Buffer.alloc(0)],
    ['it is not a ZIP', Buffer.from('P')],
    ['it is not a ZIP', Buffer.from('<!doctype html><title>Log in</title>')],
    ['its end is missing', bytes.subarray(0, bytes.length - 1)],
    ['list of entries lies outside', zip(sound, { directoryBytes: 100_000 })],
    ['list of entries is not where it should be', zip(sound, { directoryOffset: 10 })],
    ['list of entries is not where it should be', Buffer.concat([zip(sound), zip(sound)])],
    ['list of entries is not where it should be', Buffer.concat([zip(sound, { prefix: Buffer.alloc(9) }), Buffer.alloc(9)])],
    ['it has two ends', zip(sound, { comment: zip([]) })],
    ['it says that it has 4 entries, but lists 3', zip(sound, { count: 4 })],
    ['it says that it has 2 entries, but lists 3', zip(sound, { count: 2 })],
    ['its two end records contradict', zip(sound, { zip64: { count: 4 } })],
    ['it says that it has 4 entries, but lists 3', zip(sound, { count: 0xffff, zip64: { count: 4 } })],
    ['one piece of a split ZIP', zip(sound, { disk: 1 })],
    ['one piece of a split ZIP', zip([{ name: 'a.eml', disk: 1 }])],
    ['its entries overlap', zip(overlapping)],
    ['its entries overlap', zip([{ name: 'a.eml', compressedBytes: 200 }, ...sound])],
    ['lies outside of the file', zip([{ name: 'a.eml', compressedBytes: 0xffff_ffff }])],
    ['lies outside of the file', zip([{ name: 'a.eml', byteOffset: 0xffff_ffff }])],
  ])('is refused: %s', async (reason, refused) => {
    expect(await reasonFor(refused)).toContain(reason);
  });

  it('is refused by its limits before any entry is read', async () => {
    expect(await reasonFor(bytes, { entryCount: 2 })).toBe('it has more than 2 entries');
    expect(await reasonFor(bytes, { totalBytes: 3 * MAIL.length - 1 })).toBe(`it would unpack to ${3 * MAIL.length} bytes`);
    const bomb = Array.from({ length: 20 }, (_, index): Plan => ({ name: `${index}.eml`, sizeBytes: 60 * MIB }));
    expect(await reasonFor(zip(bomb))).toContain('it would unpack to');
  });

  it('is refused when it is no file', async () => {
    await expect(validateZip(join(folder, 'none.zip'), { signal: running })).rejects.toMatchObject({ code: 'zip-invalid' });
    await expect(validateZip(folder, { signal: running })).rejects.toMatchObject({ code: 'zip-invalid' });
  });

  it('may have 2^31 - 1 bytes and not one more', async () => {
    const path = join(folder, 'sparse.zip');
    const tail = zip([{ name: 'a.eml' }]);
    const sparse = async (sizeBytes: number) => {
      await using file = await open(path, 'w');
      await file.write(tail, 0, tail.length, sizeBytes - tail.length);
      return await validateZip(path, { signal: running });
    };
    expect(await sparse(2 ** 31 - 1)).toMatchObject({ sizeBytes: 2 ** 31 - 1, accepted: 1, refused: [] });
    await expect(sparse(2 ** 31)).rejects.toMatchObject({ code: 'zip-too-large', details: { sizeBytes: 2 ** 31 } });
    await expect(sparse(2 ** 31 + 1)).rejects.toMatchObject({ code: 'zip-too-large' });
  });

  it('stops on request', async () => {
    const path = join(folder, 'stopped.zip');
    const body = Buffer.alloc(MIB, 'abc');
    const data = deflateRawSync(body);
    await writeFile(path, zip(Array.from({ length: 400 }, (_, index): Plan => ({ name: `${index}.eml`, body, data }))));
    await expect(validateZip(path, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' });
    const stop = new AbortController();
    setImmediate(() => stop.abort());
    await expect(validateZip(path, { signal: stop.signal })).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('is never taken whole after a cut, and never crashes the reader after a change', async () => {
    const path = join(folder, 'changed.zip');
    const check = (changed: Buffer) => {
      writeFileSync(path, changed);
      return validateZip(path, { signal: running }).catch((error: unknown) => {
        if (!isMailferryError(error, 'zip-invalid')) throw error;
        return { accepted: 0, totalBytes: 0 };
      });
    };
    for (let length = 0; length < bytes.length; length += 1) expect((await check(bytes.subarray(0, length))).accepted).toBe(0);
    const change = fc.tuple(fc.nat({ max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
        const changed = Buffer.from(bytes);
        for (const [at, by] of changes) changed[at] = (changed[at] ?? 0) ^ by;
        const { accepted, totalBytes } = await check(changed);
        expect(totalBytes).toBe(accepted * MAIL.length);
      }),
      { numRuns: 500 },
    );
    expect((await stat(path)).size).toBe(bytes.length);
  });
});

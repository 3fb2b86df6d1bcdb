import { isUtf8 } from 'node:buffer';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { type ContactRow, isRejected, type ReadRow } from './contact-format.ts';
import { CONTACT_FORMATS } from './contact-formats.ts';
import { type DetectedEncoding, decodeText, detectEncoding } from './text-encoding.ts';

async function* inPieces(pieces: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* pieces;
}

const detect = (bytes: Buffer, pieceBytes = 32_768, told?: string): Promise<DetectedEncoding> =>
  detectEncoding(() => inPieces(piecesOf(bytes, pieceBytes)), told);

const decode = async (pieces: Iterable<Uint8Array>, encoding: string): Promise<string> => {
  let text = '';
  for await (const piece of decodeText(inPieces(pieces), encoding)) text += piece;
  return text;
};

const piecesOf = function* (bytes: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
};

/** Cuts bytes in two at every place. */
const everyCut = (bytes: Buffer): Buffer[][] =>
  Array.from({ length: bytes.length + 1 }, (_, at) => [bytes.subarray(0, at), bytes.subarray(at)]);

const cp949 = (text: string): Buffer => iconv.encode(text, 'cp949');
const withMark = (mark: string, bytes: Buffer): Buffer => Buffer.concat([Buffer.from(mark, 'hex'), bytes]);
const utf16be = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();

/** Reads an address book of the Excel form as its bytes say. */
const readBook = async (bytes: Buffer): Promise<ReadRow[]> => {
  const { encoding, damagedLines } = await detect(bytes);
  const rows: ReadRow[] = [];
  const format = CONTACT_FORMATS.get('excel');
  for await (const batch of format?.read(inPieces([bytes]), { encoding, isDamaged: damagedLines > 0 }) ?? []) rows.push(...batch);
  return rows;
};

const namesOf = (rows: readonly ReadRow[]): string[] =>
  rows.filter((row): row is ContactRow => !isRejected(row)).map(({ contact }) => contact.name.full);

/** Two bytes that are a Hangul syllable in CP949 and a character in UTF-8. */
const AMBIGUOUS = Array.from({ length: 0x10000 }, (_, code) => Buffer.from([code >> 8, code & 0xff])).filter(
  (pair) => (pair[0] ?? 0) >= 0x80 && isUtf8(pair) && /^[가-힣]$/.test(iconv.decode(pair, 'cp949')),
);

const HEADER = '이름,이메일\r\n';
const row = (name: string, n: number): string => `${name},user${n}@a.example\r\n`;

describe('the encoding of a file', () => {
  it.each([
    ['UTF-8', withMark('efbbbf', Buffer.from('이름\n')), 'utf-8'],
    ['UTF-16LE', withMark('fffe', Buffer.from('이름\t값\r\n😀', 'utf16le')), 'utf-16le'],
    ['UTF-16BE', withMark('feff', utf16be('이름\t값\r\n😀')), 'utf-16be'],
    ['nothing but a mark', withMark('fffe', Buffer.alloc(0)), 'utf-16le'],
  ])('C10: is told by a byte order mark, in pieces of any size: %s', async (_, bytes, encoding) => {
    for (const size of [1, 2, 3, 5, 100]) {
      expect(await detect(bytes, size)).toEqual({ encoding, reason: 'byte-order-mark', isAmbiguous: false, damagedLines: 0 });
    }
  });

  it('C10: is UTF-8 where all of it is, cut at any byte', async () => {
    const bytes = Buffer.from('이름,이메일\n김철수 😀 é,a@b');
    for (const pieces of everyCut(bytes)) {
      expect(await detectEncoding(() => inPieces(pieces), undefined)).toMatchObject({
        encoding: 'utf-8',
        reason: 'valid',
        isAmbiguous: false,
      });
    }
  });

  it('C10: is CP949 where it is no UTF-8, cut at any byte', async () => {
    const bytes = cp949('이름,이메일\n똠방각하,a@b\n');
    for (const pieces of everyCut(bytes)) {
      expect(await detectEncoding(() => inPieces(pieces), undefined)).toMatchObject({
        encoding: 'cp949',
        reason: 'only-valid',
        damagedLines: 0,
      });
    }
  });

  it('C10: is UTF-8 of a file in ASCII, and of an empty one', async () => {
    expect(await detect(Buffer.from('Name,E-mail\n'))).toMatchObject({ encoding: 'utf-8', reason: 'ascii' });
    expect(await detect(Buffer.alloc(0))).toMatchObject({ encoding: 'utf-8', reason: 'ascii' });
  });

  it('C10: is what was told, whatever the bytes are', async () => {
    expect(await detect(withMark('efbbbf', cp949('가')), 10, 'CP949')).toMatchObject({ encoding: 'cp949', reason: 'told' });
    await expect(detect(Buffer.from('a'), 10, 'klingon')).rejects.toMatchObject({ code: 'contacts-encoding-unknown' });
  });

  it('C10: is CP949 of a file of ambiguous syllables and one row that only CP949 has', async () => {
    expect(AMBIGUOUS).toHaveLength(345);
    const syllables = AMBIGUOUS.map((pair) => iconv.decode(pair, 'cp949'));
    const bytes = cp949(HEADER + syllables.map(row).join('') + row('똠방각하', 345));
    expect(await detect(bytes)).toMatchObject({ encoding: 'cp949', reason: 'only-valid', damagedLines: 0 });
    expect(namesOf(await readBook(bytes))).toEqual([...syllables, '똠방각하']);
  });

  it('C10: is UTF-8 of a file of nothing but ambiguous syllables, and said to be ambiguous', async () => {
    const bytes = Buffer.concat([Buffer.from('name,email\n'), ...AMBIGUOUS, Buffer.from(',a@b\n')]);
    for (const size of [1, 7, 32_768]) {
      expect(await detect(bytes, size)).toEqual({ encoding: 'utf-8', reason: 'valid', isAmbiguous: true, damagedLines: 0 });
    }
  });

  it('C10: is ambiguous for those 345 characters of two bytes and for no other', async () => {
    const ambiguous = new Set(AMBIGUOUS.map(String));
    for (let code = 0x80; code < 0x800; code += 1) {
      const character = String.fromCharCode(code);
      expect((await detect(Buffer.from(character))).isAmbiguous).toBe(ambiguous.has(character));
    }
    for (const text of ['가', '€', '😀', 'ÀÀÀ가']) expect((await detect(Buffer.from(text))).isAmbiguous).toBe(false);
  });

  it('C10: is UTF-8 of a file with one row in CP949: that row is rejected, the others are there', async () => {
    const bytes = Buffer.concat([Buffer.from(HEADER + row('홍길동', 1)), cp949(row('똠방각하', 2)), Buffer.from(row('김철수', 3))]);
    for (const size of [1, 32_768])
      expect(await detect(bytes, size)).toMatchObject({ encoding: 'utf-8', reason: 'most-rows', damagedLines: 1 });
    const rows = await readBook(bytes);
    expect(rows.filter(isRejected)).toEqual([{ row: 3, line: 0, column: '이름', reason: 'not-in-encoding' }]);
    expect(namesOf(rows)).toEqual(['홍길동', '김철수']);
  });

  it('C10: is CP949 of a file with one row that is none: that row is rejected, the others are there', async () => {
    const bad = Buffer.concat([Buffer.from('a@b,'), Buffer.from([0xff, 0xb0, 0xa1]), Buffer.from(',x\r\n')]);
    const bytes = Buffer.concat([cp949(`이메일,이름,메모\r\na@b,홍길동,\r\n`), bad, cp949('a@b,김철수,\r\na@b,똠방각하,')]);
    expect(await detect(bytes)).toMatchObject({ encoding: 'cp949', reason: 'most-rows', damagedLines: 1 });
    const rows = await readBook(bytes);
    expect(rows.filter(isRejected)).toEqual([{ row: 3, line: 0, column: '이름', reason: 'not-in-encoding' }]);
    expect(namesOf(rows)).toEqual(['홍길동', '김철수', '똠방각하']);
  });

  it('C10: is UTF-8 of a file with a mark and broken rows, and of one that is cut in the middle of a character', async () => {
    const broken = withMark('efbbbf', Buffer.concat([Buffer.from(HEADER), cp949(row('똠방각하', 2) + row('홍길동', 3))]));
    expect(await detect(broken)).toMatchObject({ encoding: 'utf-8', reason: 'most-rows', damagedLines: 2 });
    const cut = Buffer.from(`${HEADER}홍길동,a@b\n김철`).subarray(0, -1);
    expect(await detect(cut)).toMatchObject({ encoding: 'utf-8', damagedLines: 1 });
  });

  it('C10: is CP949 of a file with one bad row, however long its lines and wherever the pieces are cut', async () => {
    const long = cp949(`이름,메모\n홍길동,${'가나다'.repeat(300_000)}\n`);
    expect(await detect(long)).toMatchObject({ encoding: 'cp949', reason: 'only-valid' });
    const bytes = Buffer.concat([long, Buffer.from([0xff, 0x0a])]);
    for (const size of [32_767, 65_536, bytes.length]) {
      expect(await detect(bytes, size)).toMatchObject({ encoding: 'cp949', reason: 'most-rows', damagedLines: 1 });
    }
  });

  it.each([
    ['half a surrogate pair', withMark('fffe', Buffer.from('이름\n\ud83dx\n끝', 'utf16le')), 1],
    ['half a code unit at the end', withMark('feff', utf16be('이름\n끝')).subarray(0, -1), 1],
    ['nothing', withMark('fffe', Buffer.from('\ufffd\n😀', 'utf16le')), 0],
  ])('C10: lines of UTF-16 that lack a half are counted: %s', async (_, bytes, damagedLines) => {
    for (const size of [1, 2, 3, 100]) expect(await detect(bytes, size)).toMatchObject({ reason: 'byte-order-mark', damagedLines });
  });
});

describe('text of a file', () => {
  it('K2: CP949 has all of its syllables: 8c63b9e6b0a2c7cf is 똠방각하, cut at any byte', async () => {
    for (const pieces of everyCut(Buffer.from('8c63b9e6b0a2c7cf', 'hex'))) expect(await decode(pieces, 'cp949')).toBe('똠방각하');
  });

  it('C10: is without its byte order mark, cut at any byte', async () => {
    const text = '이름\t😀\r\n\ufeff끝';
    const files = [
      ['utf-8', withMark('efbbbf', Buffer.from(text))],
      ['UTF-16LE', withMark('fffe', Buffer.from(text, 'utf16le'))],
      ['utf-16be', withMark('feff', utf16be(text))],
    ] as const;
    for (const [encoding, bytes] of files) for (const pieces of everyCut(bytes)) expect(await decode(pieces, encoding)).toBe(text);
  });

  it('C10: comes back in every encoding that can hold it, in pieces of any size', async () => {
    const syllable = fc.integer({ min: 0xac00, max: 0xd7a3 }).map((code) => String.fromCharCode(code));
    const text = fc.string({ unit: fc.oneof(syllable, fc.constantFrom('a', ',', '\n', '"')) });
    await fc.assert(
      fc.asyncProperty(text, fc.integer({ min: 1, max: 7 }), async (one, size) => {
        expect(await decode(piecesOf(cp949(one), size), 'cp949')).toBe(one);
        expect(await decode(piecesOf(Buffer.from(one), size), 'utf8')).toBe(one);
        expect(await decode(piecesOf(utf16be(one), size), 'utf-16be')).toBe(one);
      }),
    );
  });

  it('of what the encoding has no character for is U+FFFD, never nothing', async () => {
    expect(await decode([Buffer.from([0x61, 0xff, 0x62])], 'utf-8')).toBe('a\ufffdb');
    expect(await decode([Buffer.from([0x61, 0xb0])], 'cp949')).toBe('a\ufffd');
  });
});

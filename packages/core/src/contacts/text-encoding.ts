import { isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';
import { MailferryError } from '../errors.ts';

/** Why a file is taken to be in an encoding. */
type EncodingReason = 'told' | 'byte-order-mark' | 'ascii' | 'valid' | 'only-valid' | 'most-rows';

/** The encoding of a file, decided once for all of it (SPEC C10). */
export interface DetectedEncoding {
  readonly encoding: string;
  readonly reason: EncodingReason;
  /** UTF-8 whose every character could as well be a Hangul syllable in CP949: of a file that has nothing else beyond ASCII. */
  readonly isAmbiguous: boolean;
  /** Lines that the encoding has no characters for. */
  readonly damagedLines: number;
}

const LINE_FEED = 0x0a;
const REPLACEMENT = '\ufffd';
const LONGEST_MARK = 3;

const MARKS: readonly (readonly [mark: Buffer, encoding: string])[] = [
  [Buffer.from([0xef, 0xbb, 0xbf]), 'utf-8'],
  [Buffer.from([0xff, 0xfe]), 'utf-16le'],
  [Buffer.from([0xfe, 0xff]), 'utf-16be'],
];

/** Bytes at the end that begin a UTF-8 character that is not there yet. */
const openBytes = (bytes: Uint8Array): number => {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0;
  }
  return 0;
};

/** Looks at the bytes of a file as they pass. */
class Utf8Check {
  isValid = true;
  isAscii = true;
  /** Two-byte characters only, each a Hangul syllable when read as CP949. */
  isAmbiguous = true;
  #open: Buffer = Buffer.alloc(0);

  add(piece: Uint8Array): void {
    const bytes = this.#open.length > 0 ? Buffer.concat([this.#open, piece]) : Buffer.from(piece.buffer, piece.byteOffset, piece.length);
    const end = bytes.length - openBytes(bytes);
    this.#open = Buffer.from(bytes.subarray(end));
    const whole = bytes.subarray(0, end);
    if (!this.isValid) return;
    this.isValid = isUtf8(whole);
    if (this.isValid && (this.isAmbiguous || this.isAscii)) this.#judge(whole);
  }

  end(): void {
    if (this.#open.length > 0) this.isValid = false;
  }

  #judge(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; at += 1) {
      const byte = bytes[at] ?? 0;
      if (byte < 0x80) continue;
      this.isAscii = false;
      at += 1;
      if (isHangulPair(byte, bytes[at] ?? 0)) continue;
      this.isAmbiguous = false;
      return;
    }
  }
}

/** Whether the two bytes of a UTF-8 character are a Hangul syllable in CP949 too: 345 of them are. */
const isHangulPair = (lead: number, trail: number): boolean => lead <= 0xc8 && trail >= (lead <= 0xc5 ? 0x81 : 0xa1);

/** The line of a file that is being looked at: whether it is no UTF-8, and whether it is no CP949. */
class LineCheck {
  #utf8 = new Utf8Check();
  #cp949 = iconv.getDecoder('cp949');
  #isCp949 = true;

  add(piece: Buffer): void {
    this.#utf8.add(piece);
    if (this.#cp949.write(piece).includes(REPLACEMENT)) this.#isCp949 = false;
  }

  /** Ends the line, and begins the next one. */
  end(): { readonly isUtf8: boolean; readonly isCp949: boolean } {
    this.#utf8.end();
    if (this.#cp949.end()) this.#isCp949 = false;
    const judged = { isUtf8: this.#utf8.isValid, isCp949: this.#isCp949 };
    this.#utf8 = new Utf8Check();
    this.#cp949 = iconv.getDecoder('cp949');
    this.#isCp949 = true;
    return judged;
  }
}

/** Counts the lines that are no UTF-8, and those that are no CP949. */
const countDamaged = async (bytes: AsyncIterable<Uint8Array>): Promise<{ utf8: number; cp949: number }> => {
  const damaged = { utf8: 0, cp949: 0 };
  const line = new LineCheck();
  const endLine = (): void => {
    const { isUtf8: isLineUtf8, isCp949 } = line.end();
    if (!isLineUtf8) damaged.utf8 += 1;
    if (!isCp949) damaged.cp949 += 1;
  };
  for await (const piece of bytes) {
    let block = Buffer.from(piece.buffer, piece.byteOffset, piece.length);
    for (let end = block.indexOf(LINE_FEED); end >= 0; end = block.indexOf(LINE_FEED)) {
      line.add(block.subarray(0, end));
      endLine();
      block = block.subarray(end + 1);
    }
    line.add(block);
  }
  endLine();
  return damaged;
};

/** Counts the lines of a UTF-16 file that hold half a character; 0 where U+FFFD was written on purpose. */
const countHalves = async (bytes: AsyncIterable<Uint8Array>, encoding: string): Promise<number> => {
  const strict = new TextDecoder(encoding, { fatal: true });
  const lenient = new TextDecoder(encoding);
  let [isWhole, lines, isCounted] = [true, 0, false];
  const judge = (piece?: Uint8Array): void => {
    try {
      if (isWhole) strict.decode(piece, { stream: piece !== undefined });
    } catch {
      isWhole = false;
    }
    for (const [index, line] of lenient
      .decode(piece, { stream: piece !== undefined })
      .split('\n')
      .entries()) {
      if (index > 0) isCounted = false;
      if (isCounted || !line.includes(REPLACEMENT)) continue;
      isCounted = true;
      lines += 1;
    }
  };
  for await (const piece of bytes) judge(piece);
  judge();
  return isWhole ? 0 : lines;
};

/** The encoding that the first bytes of a file tell; null if there is no mark. */
const markOf = async (bytes: AsyncIterable<Uint8Array>): Promise<string | null> => {
  let first = Buffer.alloc(0);
  for await (const piece of bytes) {
    first = Buffer.concat([first, piece.subarray(0, LONGEST_MARK)]);
    if (first.length >= LONGEST_MARK) break;
  }
  return MARKS.find(([mark]) => mark.equals(first.subarray(0, mark.length)))?.[1] ?? null;
};

/** @throws MailferryError `contacts-encoding-unknown` */
const checkEncoding = (encoding: string): string => {
  if (!iconv.encodingExists(encoding)) throw new MailferryError('contacts-encoding-unknown', { encoding });
  return encoding.toLowerCase();
};

/**
 * Decides the encoding of a file as SPEC C10 says: by the byte order mark, then UTF-8 if all of it is, then CP949. A file that is
 * neither is in the one of which fewer lines are damaged. Reads the file once, twice if it is not UTF-8, and its beginning before.
 * @throws MailferryError `contacts-encoding-unknown` if `told` is none
 */
export const detectEncoding = async (open: () => AsyncIterable<Uint8Array>, told: string | undefined): Promise<DetectedEncoding> => {
  const certain = { isAmbiguous: false, damagedLines: 0 };
  if (told !== undefined) return { encoding: checkEncoding(told), reason: 'told', ...certain };
  const mark = await markOf(open());
  if (mark?.startsWith('utf-16')) {
    return { encoding: mark, reason: 'byte-order-mark', isAmbiguous: false, damagedLines: await countHalves(open(), mark) };
  }
  const check = new Utf8Check();
  for await (const piece of open()) {
    check.add(piece);
    if (!check.isValid) break;
  }
  check.end();
  if (check.isValid && mark !== null) return { encoding: mark, reason: 'byte-order-mark', ...certain };
  if (check.isAscii && check.isValid) return { encoding: 'utf-8', reason: 'ascii', ...certain };
  if (check.isValid) return { encoding: 'utf-8', reason: 'valid', isAmbiguous: check.isAmbiguous, damagedLines: 0 };
  const damaged = await countDamaged(open());
  if (mark === null && damaged.cp949 === 0) return { encoding: 'cp949', reason: 'only-valid', ...certain };
  const isUtf8File = mark !== null || damaged.utf8 <= damaged.cp949;
  return {
    encoding: isUtf8File ? 'utf-8' : 'cp949',
    reason: 'most-rows',
    isAmbiguous: false,
    damagedLines: isUtf8File ? damaged.utf8 : damaged.cp949,
  };
};

/** Decodes bytes as they come; a byte order mark is taken off. What the encoding has no character for becomes U+FFFD. */
export async function* decodeText(bytes: AsyncIterable<Uint8Array>, encoding: string): AsyncGenerator<string> {
  const name = encoding.toLowerCase();
  if (['utf-8', 'utf8', 'utf-16le', 'utf-16be'].includes(name)) {
    const decoder = new TextDecoder(name);
    for await (const piece of bytes) yield decoder.decode(piece, { stream: true });
    yield decoder.decode();
    return;
  }
  const decoder = iconv.getDecoder(encoding);
  for await (const piece of bytes) yield decoder.write(Buffer.from(piece.buffer, piece.byteOffset, piece.length));
  yield decoder.end() ?? '';
}

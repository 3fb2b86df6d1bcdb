import { isAscii, isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';

/** Turns the bytes of a text into characters, piece by piece. Never throws; what is no text becomes U+FFFD. */
interface TextDecoding {
  write(bytes: Buffer): string;
  end(): string;
}

/** SPEC K3: all of these mean CP949. */
const CP949_LABELS: ReadonlySet<string> = new Set([
  'euc-kr',
  'euckr',
  'euc_kr',
  'ks_c_5601-1987',
  'ks_c_5601-1989',
  'ksc5601',
  'ksc_5601',
  'korean',
  'cp949',
  'ms949',
  'uhc',
  'windows-949',
  'x-windows-949',
]);
/** iconv-lite calls these encodings, which are none of text. */
const NO_CHARSETS: ReadonlySet<string> = new Set(['base64', 'hex', 'binary', 'internal']);
const SHIFT_OUT = 0x0e;
const SHIFT_IN = 0x0f;
/** Announces KS X 1001 at the start of a line, RFC 1557. */
const DESIGNATOR = '\x1b$)C';

/** RFC 1557: what is shifted out is CP949 without its high bits. */
class Iso2022Kr implements TextDecoding {
  readonly #korean = iconv.getDecoder('cp949');
  #isShifted = false;

  write(bytes: Buffer): string {
    const plain = Buffer.alloc(bytes.length);
    let length = 0;
    for (const byte of bytes) {
      if (byte === SHIFT_OUT) this.#isShifted = true;
      else if (byte === SHIFT_IN) this.#isShifted = false;
      else plain[length++] = this.#isShifted && byte > 0x20 && byte < 0x7f ? byte + 0x80 : byte;
    }
    return this.#korean.write(plain.subarray(0, length)).replaceAll(DESIGNATOR, '');
  }

  end(): string {
    return this.#korean.end() ?? '';
  }
}

const fromIconv = (label: string): TextDecoding => {
  const decoder = iconv.getDecoder(label);
  return { write: (bytes) => decoder.write(bytes), end: () => decoder.end() ?? '' };
};

const fromPlatform = (label: string): TextDecoding | null => {
  try {
    const decoder = new TextDecoder(label);
    return { write: (bytes) => decoder.decode(bytes, { stream: true }), end: () => decoder.decode() };
  } catch {
    return null;
  }
};

/** Null for a charset that is not known. */
const openCharset = (label: string): TextDecoding | null => {
  // RFC 2231 §5 lets a language follow.
  const name = label.replace(/\*.*$/s, '').trim().toLowerCase();
  if (CP949_LABELS.has(name)) return fromIconv('cp949');
  if (name === 'iso-2022-kr') return new Iso2022Kr();
  if (name === '' || NO_CHARSETS.has(name)) return null;
  return iconv.encodingExists(name) ? fromIconv(name) : fromPlatform(name);
};

export const isKnownCharset = (label: string): boolean => openCharset(label) !== null;

const decodeAll = (decoding: TextDecoding | null, bytes: Buffer): string => (decoding ? decoding.write(bytes) + decoding.end() : '\ufffd');

/** 8-bit text of which no charset is known: strict UTF-8, else `hint`, else CP949, else latin-1 (SPEC K4). */
export const decodeUndeclared = (bytes: Buffer, hint = ''): string => {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  for (const label of [hint, 'cp949']) {
    const text = decodeAll(openCharset(label), bytes);
    if (!text.includes('\ufffd')) return text;
  }
  return bytes.toString('latin1');
};

/** These say nothing about 8-bit text, and many write `utf-8` above what is not. */
const isVague = (label: string): boolean => /^(|us-ascii|ascii|utf-?8)$/i.test(label.trim());

/** Text of bytes that go by `label`; undefined, unknown and wrong labels are made up for. Never throws. */
export const decodeCharset = (bytes: Buffer, label = ''): string => {
  const decoding = isVague(label) ? null : openCharset(label);
  return decoding ? decodeAll(decoding, bytes) : decodeUndeclared(bytes);
};

/** Without the bytes at the end that may be the beginning of a character. */
const wholeCharacters = (bytes: Buffer): Buffer => {
  let end = bytes.length;
  while (end > 0 && bytes.length - end < 3 && ((bytes[end - 1] ?? 0) & 0xc0) === 0x80) end -= 1;
  return ((bytes[end - 1] ?? 0) & 0xc0) === 0xc0 ? bytes.subarray(0, end - 1) : bytes;
};

/** Decided by the first piece that is not ASCII. */
class Undeclared implements TextDecoding {
  #decoding: TextDecoding | null = null;

  write(bytes: Buffer): string {
    if (!this.#decoding && isAscii(bytes)) return bytes.toString('latin1');
    this.#decoding ??= isUtf8(wholeCharacters(bytes)) ? fromIconv('utf-8') : fromIconv('cp949');
    return this.#decoding.write(bytes);
  }

  end(): string {
    return this.#decoding?.end() ?? '';
  }
}

/** As `decodeCharset`, for text that comes in pieces. */
export const openText = (label: string): TextDecoding => (isVague(label) ? null : openCharset(label)) ?? new Undeclared();

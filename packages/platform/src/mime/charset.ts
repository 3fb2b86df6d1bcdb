import iconv from 'iconv-lite';

/** SPEC K3: what goes by these names is CP949. */
const CP949 = new Set(['euckr', 'ksc56011987', 'ksc56011989', 'ksc5601', 'korean', 'cp949', 'ms949', 'uhc', 'windows949', 'xwindows949']);

const SHIFT_OUT = 0x0e;
const SHIFT_IN = 0x0f;
const ESCAPE = 0x1b;

/** RFC 1557: seven bits, of which those between the shifts stand for KS X 1001. */
const decodeIso2022Kr = (bytes: Buffer): string => {
  const shifted: number[] = [];
  let isKorean = false;
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index] ?? 0;
    if (byte === SHIFT_OUT || byte === SHIFT_IN) isKorean = byte === SHIFT_OUT;
    else if (byte === ESCAPE && bytes.toString('latin1', index, index + 4) === '\x1b$)C') index += 3;
    else shifted.push(isKorean && byte > 0x20 ? byte | 0x80 : byte);
  }
  return iconv.decode(Buffer.from(shifted), 'cp949');
};

const decodeUtf8 = (bytes: Buffer): string | null => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
};

/** Bytes of which no charset is known: strict UTF-8, else CP949, else latin-1 (SPEC K4). */
const guess = (bytes: Buffer): string => {
  const utf8 = decodeUtf8(bytes);
  if (utf8 !== null) return utf8;
  const korean = iconv.decode(bytes, 'cp949');
  return korean.includes('\ufffd') ? bytes.toString('latin1') : korean;
};

/** Whether text can be read that goes by that name. */
export const isKnownCharset = (label: string): boolean => {
  const name = label
    .trim()
    .toLowerCase()
    .replace(/[-_\s]/g, '');
  return CP949.has(name) || name === 'iso2022kr' || iconv.encodingExists(label.trim());
};

/** Text of bytes that go by `label`; undefined, unknown and wrong labels are made up for. Never throws. */
export const decodeCharset = (bytes: Buffer, label: string | undefined): string => {
  const name = (label ?? '').trim().toLowerCase().replace(/\*.*$/, '');
  const bare = name.replace(/[-_\s]/g, '');
  if (bare === 'iso2022kr') return decodeIso2022Kr(bytes);
  if (CP949.has(bare)) return iconv.decode(bytes, 'cp949');
  if (bare === 'utf8') return decodeUtf8(bytes) ?? guess(bytes);
  if (bare === '' || bare === 'usascii' || bare === 'ascii' || !iconv.encodingExists(name)) return guess(bytes);
  return iconv.decode(bytes, name);
};

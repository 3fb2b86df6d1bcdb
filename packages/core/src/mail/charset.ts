import { isAscii, isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';

/** SPEC K3: all these mean CP949. Lower case, without anything but letters and digits. */
const CP949_LABELS = new Set([
  'cp949',
  'cseuckr',
  'csksc56011987',
  'euckr',
  'isoir149',
  'korean',
  'ksc5601',
  'ksc56011987',
  'ksc56011989',
  'ms949',
  'uhc',
  'windows949',
  'xwindows949',
]);
/** Labels that name no charset that bytes above 127 could be in. */
const TELLS_NOTHING = new Set(['ascii', 'usascii', 'ansix341968', '7bit', '8bit', 'binary', 'base64', 'hex']);
const UTF8_LABELS = new Set(['utf8', 'unicode11utf8']);

const ESCAPE = 0x1b;
const SHIFT_OUT = 0x0e;
const SHIFT_IN = 0x0f;
const LINE_FEED = 0x0a;
/** RFC 1557: what SHIFT_OUT switches to. */
const DESIGNATES_KOREAN = Buffer.from('\x1b$)C', 'latin1');

const REPLACEMENT = '\ufffd';

/** RFC 1557: pairs of 7-bit bytes between SHIFT_OUT and SHIFT_IN, which are EUC-KR without its high bits. */
const decodeIso2022Kr = (bytes: Buffer): string => {
  const eucKr = Buffer.alloc(bytes.length);
  let length = 0;
  let isShifted = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === ESCAPE && bytes.subarray(at, at + DESIGNATES_KOREAN.length).equals(DESIGNATES_KOREAN)) {
      at += DESIGNATES_KOREAN.length - 1;
    } else if (byte === SHIFT_OUT) isShifted = true;
    else if (byte === SHIFT_IN) isShifted = false;
    else {
      if (byte === LINE_FEED) isShifted = false;
      eucKr[length] = isShifted && byte > 0x20 && byte < 0x7f ? byte | 0x80 : byte;
      length += 1;
    }
  }
  return iconv.decode(eucKr.subarray(0, length), 'cp949');
};

/** Null for what is not UTF-8. A last character that was cut off is left out: mail programs cut by bytes. */
const decodeUtf8 = (bytes: Buffer): string | null => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return null;
  }
};

/**
 * Decodes bytes by the charset's label, whatever its spelling (SPEC K2, K3). Null where the label is unknown, tells nothing,
 * or claims UTF-8 for bytes that are not. Never throws.
 */
export const decodeAs = (bytes: Buffer, label: string): string | null => {
  const name = label.toLowerCase().replace(/[^a-z0-9]/g, '');
  if (UTF8_LABELS.has(name)) return decodeUtf8(bytes);
  if (CP949_LABELS.has(name)) return iconv.decode(bytes, 'cp949');
  if (name === 'iso2022kr') return decodeIso2022Kr(bytes);
  // Of Node's own decoders only this one: iconv-lite lacks it.
  if (name.startsWith('iso2022jp')) return new TextDecoder('iso-2022-jp').decode(bytes);
  if (TELLS_NOTHING.has(name) || !iconv.encodingExists(label)) return null;
  return iconv.decode(bytes, label);
};

/**
 * Decodes bytes of which no label is given (SPEC K4): strict UTF-8, else `hint` where it fits, else CP949 where it fits, else
 * Latin-1. 7-bit Korean and Japanese are known by their escapes. For display only.
 */
export const decodeUnlabelled = (bytes: Buffer, hint: () => string | null): string => {
  const is7Bit = isAscii(bytes);
  if (is7Bit && (bytes.includes(SHIFT_OUT) || bytes.includes(DESIGNATES_KOREAN))) return decodeIso2022Kr(bytes);
  if (is7Bit && bytes.includes('\x1b$')) return new TextDecoder('iso-2022-jp').decode(bytes);
  if (isUtf8(bytes)) return bytes.toString('utf8');
  for (const label of [hint(), 'cp949']) {
    const text = label === null ? null : decodeAs(bytes, label);
    if (text !== null && !text.includes(REPLACEMENT)) return text;
  }
  return bytes.toString('latin1');
};

import { isUtf8 } from 'node:buffer';
import { crc32 } from 'node:zlib';
import iconv from 'iconv-lite';
import { extraField, type ForeignEntry } from './foreign-records.ts';

/** What a name alone can be refused for. */
export type NameRefusal = 'unsafe-name' | 'resource-fork' | 'not-eml';

const UTF8_FLAG = 0x0800;
/** Info-ZIP's Unicode path (APPNOTE 4.6.9): version, CRC-32 of the name that it replaces, name. */
const UNICODE_PATH_FIELD = 0x7075;
const LONGEST_NAME_BYTES = 1024;
const CONTROL = /\p{Cc}/u;
const REPLACEMENT = '\ufffd';

const unicodePath = ({ extra, nameBytes }: ForeignEntry): Buffer | null => {
  const field = extraField(extra, UNICODE_PATH_FIELD);
  if (!field || field.length <= 5 || field.readUInt8() !== 1 || field.readUInt32LE(1) !== crc32(nameBytes)) return null;
  return field.subarray(5);
};

const decode = (bytes: Buffer, isUnicode: boolean): string => {
  if (isUnicode || isUtf8(bytes)) return bytes.toString('utf8');
  const korean = iconv.decode(bytes, 'cp949');
  return korean.includes(REPLACEMENT) ? iconv.decode(bytes, 'cp437') : korean;
};

/** Null for a plain path to an `.eml` file. */
const refuse = (name: string): NameRefusal | null => {
  if (name === '' || name.includes(REPLACEMENT) || name.includes('\\') || CONTROL.test(name)) return 'unsafe-name';
  if (name.startsWith('/') || /^[a-z]:/i.test(name)) return 'unsafe-name';
  const levels = name.split('/');
  if (levels.includes('..')) return 'unsafe-name';
  if (levels.includes('__MACOSX') || levels.at(-1)?.startsWith('._')) return 'resource-fork';
  return /\.eml$/i.test(name) ? null : 'not-eml';
};

/**
 * The entry's name (SPEC K7) — by UTF-8 flag or Unicode path field UTF-8, else strict UTF-8, else CP949, else CP437 — and
 * what stands against sending a file so named anywhere. A name of more than 1,024 bytes is refused, and cut there;
 * bytes that aren't the UTF-8 they claim to be show as U+FFFD.
 */
export const readName = (entry: ForeignEntry): { readonly name: string; readonly refusal: NameRefusal | null } => {
  const unicode = unicodePath(entry);
  const bytes = unicode ?? entry.nameBytes;
  const name = decode(bytes.subarray(0, LONGEST_NAME_BYTES), unicode !== null || (entry.flags & UTF8_FLAG) !== 0);
  return { name, refusal: bytes.length > LONGEST_NAME_BYTES ? 'unsafe-name' : refuse(name) };
};

/** The same for two names that a file system might take for one: case, composition and empty levels don't count. */
export const sameFileKey = (name: string): string => {
  const levels = name.split('/').filter((level) => level !== '' && level !== '.');
  return levels.join('/').normalize('NFC').toLowerCase();
};

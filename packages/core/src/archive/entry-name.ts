import { createHash } from 'node:crypto';
import { type Mailbox, type MailboxPath, mailboxLevels } from '../mail/mailbox.ts';

export interface EntryNaming {
  /** Of the message; null where neither its headers nor its source know one. */
  readonly date: Date | null;
  /** Decoded; anything may stand in it. */
  readonly subject: string;
  /** Lower-case hex; tells messages of the same second and subject apart. */
  readonly hash: string;
  /** Of the words for a subject that is empty. Default `en`. */
  readonly language?: 'en' | 'ko';
}

interface Limits {
  /** UTF-16 code units. */
  readonly units: number;
  /** UTF-8 bytes. */
  readonly bytes: number;
}

/** SPEC K8. */
const FILE_LIMITS: Limits = { units: 120, bytes: 200 };
const LEVEL_LIMITS: Limits = { units: 80, bytes: 160 };
/** All levels of a folder with their slashes. With a file name behind it a path stays far below what ZIP tools take. */
const FOLDER_BYTES = 640;

const NO_DATE = '0000-00-00 000000';
const NO_SUBJECT = { en: '(no subject)', ko: '(제목 없음)' } as const;

/** Shows nothing, or turns the direction of what follows. */
const INVISIBLE = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;
const BLANK = /[\s\p{Cc}]+/gu;
/** What Windows refuses, and what stands for no character at all. */
const REFUSED = /[<>:"/\\|?*\ufffd\p{Noncharacter_Code_Point}]/gu;
/** Names of devices on Windows, whatever follows a dot; and the folder that ZIP programs take for macOS's own. */
const RESERVED = /^(?:(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[\d¹²³]) *(?:\.|$)|__macosx$)/i;

/** Only the beginning of a text of any length can end up in a name. */
const READ_UNITS = 2000;

/** One line of text that every file system can hold as part of a name; it may be empty. */
const toNameText = (text: string): string =>
  text
    .slice(0, READ_UNITS)
    .toWellFormed()
    .replace(INVISIBLE, '')
    .replace(BLANK, ' ')
    .normalize('NFC')
    .replace(REFUSED, '_')
    .replace(/ {2,}/g, ' ')
    .trim();

const fits = (text: string, { units, bytes }: Limits): boolean => text.length <= units && Buffer.byteLength(text) <= bytes;

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** The longest beginning within the limits that cuts no character that a reader sees as one; at worst no code point. */
const cut = (text: string, limits: Limits): string => {
  if (fits(text, limits)) return text;
  // What follows can't matter, but for what still belongs to the last character.
  const start = text.slice(0, limits.units + 2).toWellFormed();
  const whole = longestPrefix(
    [...graphemes.segment(start)].map(({ segment }) => segment),
    limits,
  );
  return (whole === '' ? longestPrefix([...start], limits) : whole).trimEnd();
};

const longestPrefix = (pieces: readonly string[], { units, bytes }: Limits): string => {
  let text = '';
  let textBytes = 0;
  for (const piece of pieces) {
    textBytes += Buffer.byteLength(piece);
    if (text.length + piece.length > units || textBytes > bytes) break;
    text += piece;
  }
  return text;
};

/**
 * The file name of a message (SPEC K8): `2024-01-31 093005 Subject 1a2b3c4d.eml`, the date in UTC. At most 120 UTF-16
 * units and 200 bytes; the subject is what is cut. The same values always give the same name.
 */
export const entryFileName = ({ date, subject, hash, language = 'en' }: EntryNaming): string => {
  const head = `${toStamp(date)} `;
  const tail = ` ${hash}.eml`;
  const taken = head.length + tail.length;
  const text = toNameText(subject);
  return head + (cut(text, { units: FILE_LIMITS.units - taken, bytes: FILE_LIMITS.bytes - taken }) || NO_SUBJECT[language]) + tail;
};

const toStamp = (date: Date | null): string => {
  const year = date?.getUTCFullYear() ?? Number.NaN;
  if (!date || !(year >= 0 && year <= 9999)) return NO_DATE;
  return date.toISOString().slice(0, 19).replace('T', ' ').replaceAll(':', '');
};

/** A level of a mailbox's path as a folder's name: visible, and with no ending by which it could be taken for a message. */
const toLevel = (level: string): string => {
  const text = toNameText(level)
    .replace(/[. ]+$/, '')
    .replace(/^\./, '_');
  // Cut first, with room for a `_`: what a cut leaves can be reserved.
  const short = cut(text, { units: LEVEL_LIMITS.units - 1, bytes: LEVEL_LIMITS.bytes - 1 }).replace(/[. ]+$/, '');
  return (RESERVED.test(short) ? `_${short}` : short).replace(/\.(eml)$/i, '_$1') || '_';
};

/** As many of the outer levels as there is room for. */
const toFolder = (mailbox: Pick<Mailbox, 'path' | 'delimiter'>): string => {
  let folder = '';
  for (const level of mailboxLevels(mailbox)) {
    const longer = folder === '' ? toLevel(level) : `${folder}/${toLevel(level)}`;
    if (Buffer.byteLength(longer) > FOLDER_BYTES) break;
    folder = longer;
  }
  return folder;
};

/** The same for two folders that some file system takes for one: ẞ is ß in lower case, and ß is SS in upper case. */
const sameFolderKey = (folder: string): string => folder.normalize('NFC').toLowerCase().toUpperCase().toLowerCase().normalize('NFC');

/** The folder with an ending of its own, from the mailbox's very name; `attempt` is another one. */
const distinguish = (folder: string, path: MailboxPath, attempt: number): string => {
  // UTF-16, so that no two names have the same bytes.
  const digest = createHash('sha256')
    .update(attempt === 0 ? path : `${path}\n${attempt}`, 'utf16le')
    .digest('hex');
  const ending = ` ~${digest.slice(0, attempt === 0 ? 4 : 8)}`;
  const lastLevel = folder.lastIndexOf('/') + 1;
  const room = { units: LEVEL_LIMITS.units - ending.length, bytes: LEVEL_LIMITS.bytes - ending.length };
  return folder.slice(0, lastLevel) + cut(folder.slice(lastLevel), room) + ending;
};

/**
 * One folder for each mailbox, its levels separated by `/`; no two are equal when case is ignored, and none is a name that
 * Windows refuses. What is in `taken` (path to folder) stays, and is in the answer too. Of several that come to the same folder, the
 * first by code units keeps it and the others get ` ~` and digits of their path's SHA-256. The order given doesn't matter.
 */
export const folderNames = (
  mailboxes: readonly Pick<Mailbox, 'path' | 'delimiter'>[],
  taken: ReadonlyMap<MailboxPath, string> = new Map(),
): Map<MailboxPath, string> => {
  const used = new Set([...taken.values()].map(sameFolderKey));
  const claim = (folder: string): boolean => {
    const key = sameFolderKey(folder);
    if (used.has(key)) return false;
    used.add(key);
    return true;
  };
  const fresh = new Map(mailboxes.filter(({ path }) => !taken.has(path)).map((mailbox) => [mailbox.path, toFolder(mailbox)]));
  const sorted = [...fresh].toSorted(([a], [b]) => (a < b ? -1 : 1));
  // All plain names first, so that no name with an ending takes one away.
  const others = sorted.filter(([, folder]) => !claim(folder));
  for (const [path, folder] of others) {
    let attempt = 0;
    let distinct = distinguish(folder, path, attempt);
    while (!claim(distinct)) {
      attempt += 1;
      distinct = distinguish(folder, path, attempt);
    }
    fresh.set(path, distinct);
  }
  return new Map([...taken, ...fresh]);
};

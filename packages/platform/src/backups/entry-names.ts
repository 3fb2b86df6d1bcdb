import { decodeWords } from '../mime/encoded-words.ts';
import { fieldValue, readFields } from '../mime/header.ts';
import { DELIMITER } from '../store/mailbox-path.ts';
import type { WallClock } from '../wall-clock.ts';

const MAX_SUBJECT_UNITS = 60;
/** What Windows, or a shell, would not take in a file's name; and what can't be seen. */
const UNSAFE = /[\\/:*?"<>|\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu;
const UNSAFE_END = /[. ]+$/;
const NO_SUBJECT = '제목 없음';

const safe = (text: string): string => text.normalize('NFC').replace(UNSAFE, '_').replace(UNSAFE_END, '_');

const cut = (text: string): string => {
  const short = text.slice(0, MAX_SUBJECT_UNITS);
  return (short.isWellFormed() ? short : short.slice(0, -1)).trim();
};

const subjectOf = (header: Buffer): string => {
  return decodeWords(fieldValue(readFields(header), 'subject') ?? '')
    .replace(/\s+/g, ' ')
    .trim();
};

const pad = (number: number, width: number): string => String(number).padStart(width, '0');

/** Names for the files of one backup: a folder for each mailbox, and in it number, date and subject. No two are equal, also if case is ignored. */
export class EntryNames {
  readonly #clock: WallClock;
  readonly #folders = new Map<string, string>();
  readonly #taken = new Set<string>();
  #count = 0;

  /** @param clock tells the date in the name */
  constructor(clock: WallClock) {
    this.#clock = clock;
  }

  /** To be called once for each message. The number in the name goes up over the whole backup. */
  next(mailboxPath: string, internalDate: Date, header: Buffer): string {
    this.#count += 1;
    const minute = this.#clock.minuteOfDay(internalDate);
    const time = `${this.#clock.day(internalDate)}-${pad(Math.floor(minute / 60), 2)}${pad(minute % 60, 2)}`;
    const subject = safe(cut(subjectOf(header))) || NO_SUBJECT;
    return `${this.#folderOf(mailboxPath)}/${pad(this.#count, 6)}_${time}_${subject}.eml`;
  }

  #folderOf(path: string): string {
    const known = this.#folders.get(path);
    if (known !== undefined) return known;
    const folder = path.split(DELIMITER).map(safe).join('/');
    let free = folder;
    for (let n = 2; this.#taken.has(free.toLowerCase()); n += 1) free = `${folder}~${n}`;
    this.#taken.add(free.toLowerCase());
    this.#folders.set(path, free);
    return free;
  }
}

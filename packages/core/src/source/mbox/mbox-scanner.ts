import { MailferryError } from '../../errors.ts';
import type { ByteWindow } from './byte-window.ts';
import { DamageLog } from './damage-log.ts';
import { lineEndAt } from './header-line.ts';
import { type MessageHead, readMessageHead } from './message-head.ts';
import { MessageIndex } from './message-index.ts';
import { FROM, fromLineStart, MAX_QUOTE_DEPTH } from './quoted-line.ts';
import { beginsFromLine, blankLineBefore, isSeparator, readFromLine, SEPARATOR_AHEAD_BYTES } from './separator.ts';

/** How much of what was passed is looked at again. */
export const LOOK_BEHIND_BYTES = MAX_QUOTE_DEPTH + 8;
/** An mbox with more messages or labels than this is refused rather than held in memory. */
const MAX_MESSAGES = 5_000_000;
const MAX_LABELS = 10_000;
const LINE_FEED = 0x0a;

/** Where a message ends in the file, and what follows. */
interface MessageEnd {
  readonly end: number;
  /** Of the next From_ line; null at the end of the file. */
  readonly next: number | null;
  readonly quotedLines: number;
}

/** A message whose head was read. Positions are those of the file. */
interface BegunMessage {
  readonly byteOffset: number;
  readonly start: number;
  readonly internalDate: Date | null;
  readonly head: MessageHead;
  /** Of the body; null where the head has no end. */
  readonly bodyStart: number | null;
}

/** How messages are told apart: by From_ lines, or by `Content-Length`, as long as every message agrees or in spite of those that don't. */
export type Delimiting = 'lines' | 'lengths-if-all' | 'lengths';

/** One way through an mbox. Errors: `source-unreadable`, `cancelled`. */
export class MboxScanner {
  readonly index = new MessageIndex();
  readonly damage: DamageLog;
  skippedFolderData = 0;
  /** A line of two `>` and `From `, as mboxrd has them. */
  #hasDeepQuotes = false;
  /** A line that begins with `From ` in a body: whoever wrote that doesn't quote. */
  #hasUnquoted = false;
  readonly #window: ByteWindow;
  readonly #path: string;
  readonly #delimiting: Delimiting;
  #nulSearchedTo = 0;
  /** The claim that goes furthest. */
  #claim = { end: 0, byteOffset: 0 };

  constructor(window: ByteWindow, path: string, delimiting: Delimiting) {
    this.#window = window;
    this.#path = path;
    this.#delimiting = delimiting;
    this.damage = new DamageLog(path);
    window.onBlock = (block, at) => this.#searchNul(block, at);
  }

  /** Whether the file is an mboxrd, as far as its lines tell. */
  get isQuoted(): boolean {
    return this.#delimiting === 'lines' && this.#hasDeepQuotes && !this.#hasUnquoted;
  }

  /** Goes from the first message at `begin` to the end. False when `lengths-if-all` turns out to be wrong. */
  async run(begin: number): Promise<boolean> {
    for (let at: number | null = begin; at !== null; ) {
      const message = await this.#begin(at);
      const found = await this.#findEnd(message);
      if (!found) return false;
      this.#record(message, found);
      at = found.next;
    }
    this.#checkTail();
    return true;
  }

  async #begin(byteOffset: number): Promise<BegunMessage> {
    const window = this.#window;
    if (!window.holds(byteOffset, window.aheadBytes)) await window.slide(byteOffset);
    const base = window.start;
    const { bytes } = window;
    const { date, messageStart } = readFromLine(bytes, byteOffset - base);
    const head = readMessageHead(bytes, byteOffset - base, messageStart, Math.min(bytes.length, byteOffset - base + window.aheadBytes));
    return {
      byteOffset,
      start: base + messageStart,
      internalDate: date,
      head: { ...head, oddLineAt: head.oddLineAt === null ? null : head.oddLineAt + base },
      bodyStart: head.bodyStart === null ? null : base + head.bodyStart,
    };
  }

  async #findEnd(message: BegunMessage): Promise<MessageEnd | null> {
    if (this.#delimiting === 'lines') return this.findSeparator(message.start);
    const byLength = await this.#findByLength(message);
    if (byLength) return byLength;
    if (this.#delimiting === 'lengths-if-all' && message.head.contentLength === null) return null;
    await this.#window.rewind(message.start);
    const found = await this.findSeparator(message.start);
    // What doesn't fit at the very end is a cut message.
    if (this.#delimiting === 'lengths-if-all' && found.next !== null) return null;
    if (message.head.contentLength !== null) this.damage.add('a Content-Length that does not fit', message.byteOffset);
    return found;
  }

  /** The next From_ line behind `start`, the begin of a message. */
  async findSeparator(start: number): Promise<MessageEnd> {
    const window = this.#window;
    let quotedLines = 0;
    for (let at = start; ; ) {
      const base = window.start;
      const { bytes } = window;
      const found = bytes.indexOf(FROM, at - base);
      if (found < 0) {
        if (window.isAtEnd) return { end: window.end - blankLineBefore(bytes, bytes.length, start - base), next: null, quotedLines };
        at = Math.max(at, window.end - FROM.length + 1);
        await window.slide(at - LOOK_BEHIND_BYTES);
        continue;
      }
      at = base + found;
      if (!window.holds(at, SEPARATOR_AHEAD_BYTES)) {
        await window.slide(at - LOOK_BEHIND_BYTES);
        continue;
      }
      const lineStart = fromLineStart(bytes, found, Math.max(0, start - base), start >= base);
      if (lineStart === found) {
        const blankBytes = blankLineBefore(bytes, found, start - base);
        if (isSeparator(bytes, found, blankBytes > 0)) return { end: at - blankBytes, next: at, quotedLines };
        this.#hasUnquoted = true;
      } else if (lineStart >= 0) {
        quotedLines += 1;
        this.#hasDeepQuotes ||= found - lineStart > 1;
      }
      at += FROM.length;
    }
  }

  /** The end by `Content-Length`; null unless a From_ line or the end of the file follows there, behind at most one line end. */
  async #findByLength({ head, bodyStart }: BegunMessage): Promise<MessageEnd | null> {
    const window = this.#window;
    if (bodyStart === null || head.contentLength === null || Number.isNaN(head.contentLength)) return null;
    const end = bodyStart + head.contentLength;
    if (!window.holds(end, SEPARATOR_AHEAD_BYTES)) await window.slide(end - LOOK_BEHIND_BYTES);
    if (end > window.end) return null;
    const { bytes, start } = window;
    const afterBreak = end - start + lineEndAt(bytes, end - start);
    if (afterBreak === bytes.length) return { end, next: null, quotedLines: 0 };
    const isLineStart = bytes[afterBreak - 1] === LINE_FEED;
    const fits = isLineStart && beginsFromLine(bytes, afterBreak) && isSeparator(bytes, afterBreak, true);
    return fits ? { end, next: start + afterBreak, quotedLines: 0 } : null;
  }

  #record({ byteOffset, start, internalDate, head, bodyStart }: BegunMessage, { end, quotedLines }: MessageEnd): void {
    const { flags, labels, crc, contentLength, oddLineAt } = head;
    if (head.isFolderData && this.index.count === 0) {
      this.skippedFolderData += 1;
      return;
    }
    this.index.add({ byteOffset, rawBytes: end - start, quotedLines, crc, internalDate, flags, labels });
    if (this.index.count > MAX_MESSAGES || this.index.labelCount > MAX_LABELS)
      throw new MailferryError('source-unreadable', {
        path: this.#path,
        reason: `it has more than ${MAX_MESSAGES} messages or ${MAX_LABELS} labels`,
      });
    if (oddLineAt !== null && oddLineAt < end) this.damage.add('a header line that is no header field', oddLineAt);
    if (Number.isNaN(contentLength)) this.damage.add('a Content-Length that is no length', byteOffset);
    const claimedEnd = (bodyStart ?? start) + (contentLength ?? 0);
    if (claimedEnd > this.#claim.end) this.#claim = { end: claimedEnd, byteOffset };
  }

  #checkTail(): void {
    const { bytes, end } = this.#window;
    if (this.#delimiting === 'lines' && this.#claim.end > end)
      this.damage.add('a Content-Length that goes beyond the end of the file', this.#claim.byteOffset);
    const isCut = bytes.length > 0 && bytes.at(-1) !== LINE_FEED;
    if (isCut && this.#delimiting === 'lines') this.damage.add('the file ends without a line end, so its last message may be cut', end);
  }

  #searchNul(block: Buffer, at: number): void {
    if (at < this.#nulSearchedTo) return;
    this.#nulSearchedTo = at + block.length;
    const found = block.indexOf(0);
    if (found >= 0) this.damage.add('NUL bytes', at + found);
  }
}

import { MailferryError, throwIfCancelled } from '../../errors.ts';
import type { MailboxPath, UidValidity } from '../../mail/mailbox.ts';
import type { Message } from '../../mail/message.ts';
import type { FetchOutcome, ListedMessage } from '../mail-source.ts';
import { BLOCK_BYTES, type FileBlocks } from './file-blocks.ts';
import { MAX_LEADING_BYTES } from './find-begin.ts';
import { MAX_FROM_LINE_BYTES } from './from-line.ts';
import { lineEndAt } from './header-line.ts';
import { MAX_HEADER_BYTES, readMessageHead } from './message-head.ts';
import { FROM, heldBack, unquote } from './quoted-line.ts';
import { beginsFromLine, readFromLine } from './separator.ts';

export interface ReadOptions {
  /** Named in errors. */
  readonly path: string;
  readonly mailbox: MailboxPath;
  readonly uidValidity: UidValidity;
  /** Whether mboxrd's quoting is to be undone. */
  readonly isQuoted: boolean;
  /** A message that is bigger comes as a stream. */
  readonly streamAboveBytes: number;
  readonly messageLimitBytes: number;
  readonly signal: AbortSignal;
}

/** A line end and `From `. */
const TAIL_BYTES = 7;
/** What a message and its From_ line may have besides `sizeBytes`. */
const MARGIN_BYTES = MAX_FROM_LINE_BYTES + TAIL_BYTES + 2;
const LINE_FEED = 0x0a;

class MessageReader {
  readonly #blocks: FileBlocks;
  readonly #options: ReadOptions;

  constructor(blocks: FileBlocks, options: ReadOptions) {
    this.#blocks = blocks;
    this.#options = options;
  }

  async read(byteOffset: number, sizeBytes: number): Promise<Message> {
    const { mailbox, uidValidity, streamAboveBytes } = this.#options;
    const opening = await this.#slice(byteOffset, MARGIN_BYTES + Math.min(this.#rawLimit(sizeBytes), MAX_HEADER_BYTES));
    const { date, messageStart } = readFromLine(opening, 0);
    const isFirstWithout = messageStart === 0 && byteOffset <= MAX_LEADING_BYTES;
    if (opening.length === 0 || !(messageStart > 0 || isFirstWithout)) throw this.#changed();
    const { flags } = readMessageHead(opening, 0, messageStart, opening.length);
    const start = byteOffset + messageStart;
    const body = sizeBytes > streamAboveBytes ? this.#pieces(start, sizeBytes) : await this.#whole(start, sizeBytes);
    return { ref: { mailbox, uidValidity, locator: byteOffset }, flags, internalDate: date, sizeBytes, body };
  }

  async #whole(start: number, sizeBytes: number): Promise<Buffer> {
    const raw = await this.#slice(start, this.#rawLimit(sizeBytes));
    const { text, rawBytes } = this.#unquote(raw, true, sizeBytes);
    await this.#checkEnd(start + rawBytes, text.length === sizeBytes);
    return text;
  }

  async *#pieces(start: number, sizeBytes: number): AsyncGenerator<Buffer> {
    let at = start;
    let isLineStart = true;
    let left = sizeBytes;
    while (left > 0) {
      const raw = await this.#slice(at, BLOCK_BYTES);
      const isLast = raw.length < BLOCK_BYTES;
      const part: Buffer = isLast ? raw : raw.subarray(0, raw.length - heldBack(raw, isLineStart));
      const { text, rawBytes } = this.#unquote(part, isLineStart, left);
      at += rawBytes;
      left -= text.length;
      isLineStart = part[rawBytes - 1] === LINE_FEED;
      if (left === 0 || isLast) await this.#checkEnd(at, left === 0);
      yield text;
    }
  }

  #slice(at: number, length: number): Promise<Buffer> {
    throwIfCancelled(this.#options.signal);
    return this.#blocks.slice(at, length);
  }

  #unquote(raw: Buffer, isLineStart: boolean, wantedBytes: number): { text: Buffer; rawBytes: number } {
    if (this.#options.isQuoted) return unquote(raw, isLineStart, wantedBytes);
    const text = raw.subarray(0, wantedBytes);
    return { text, rawBytes: text.length };
  }

  /** As much as a message can take in the file: its shortest quoted lines have as many bytes as `From `. */
  #rawLimit(sizeBytes: number): number {
    return this.#options.isQuoted ? sizeBytes + Math.ceil(sizeBytes / FROM.length) : sizeBytes;
  }

  /** What follows a message is the next From_ line or the end of the file, behind at most one line end. */
  async #checkEnd(at: number, isComplete: boolean): Promise<void> {
    const tail = await this.#slice(at, TAIL_BYTES);
    const gap = lineEndAt(tail, 0);
    if (!isComplete || !(tail.length === gap || beginsFromLine(tail, gap))) throw this.#changed();
  }

  #changed(): MailferryError {
    return new MailferryError('source-changed', { path: this.#options.path });
  }
}

/**
 * Reads messages by the byte offsets and sizes that a scan found, in the order of the file. Where they don't fit the file any more it throws
 * `source-changed`. Other errors: `source-unreadable`, `cancelled`.
 */
export async function* readMessages(
  blocks: FileBlocks,
  wanted: readonly ListedMessage[],
  options: ReadOptions,
): AsyncGenerator<FetchOutcome> {
  const { mailbox, uidValidity, messageLimitBytes } = options;
  const reader = new MessageReader(blocks, options);
  for (const { locator, sizeBytes } of wanted.toSorted((a, b) => Number(a.locator) - Number(b.locator))) {
    const ref = { mailbox, uidValidity, locator };
    if (sizeBytes === 0) yield { kind: 'failed', ref, error: new MailferryError('message-empty', {}) };
    else if (sizeBytes > messageLimitBytes)
      yield { kind: 'failed', ref, error: new MailferryError('message-too-large', { sizeBytes, limitBytes: messageLimitBytes }) };
    else yield { kind: 'message', message: await reader.read(Number(locator), sizeBytes) };
  }
}

import type { MailferryError } from '../../errors.ts';
import type { UidValidity } from '../../mail/mailbox.ts';
import { type FetchValue, parseFetchItems, type ResponseSegments } from './fetch-response.ts';
import {
  type Endpoint,
  ImapWire,
  isQuotable,
  LITERAL_AT_END,
  MAX_LINE_BYTES,
  MAX_STRAY_RESPONSES,
  quote,
  type TaggedStatus,
} from './imap-wire.ts';
import { isListAnswer, type ListedName, parseListAnswer, parsePersonalPrefixes } from './list-response.ts';
import { parseSequenceSet } from './sequence-set.ts';

/** More mailboxes than this, or longer names and attributes of all together, are refused. */
const MAX_MAILBOXES = 100_000;
const MAX_LIST_BYTES = 32 * 1024 * 1024;
/** Longer names stand in the way of everything that holds them beside each message. */
const MAX_NAME_BYTES = 16 * 1024;
/** Every one costs a LIST. */
const MAX_NAMESPACES = 16;
/** What changed in a mailbox since an earlier look: flags of its messages, and UIDs that are gone. */
const MAX_CHANGES = 1_000_000;

const BODY_AT_END = /BODY\[\] $/i;
const VANISHED = /^\* VANISHED (\(EARLIER\) )?([\d:,]+)$/i;
const UNTAGGED_NUMBER = /^\* (\d+) ([A-Za-z]+)(?: |$)/;

export interface SelectedMailbox {
  readonly rawName: string;
  readonly uidValidity: UidValidity;
  /** How many messages it held when it was opened, less those that were expunged since. */
  remaining: number;
  /** Goes up with every change of the mailbox (RFC 7162 §3.1.2); null where the server keeps none. */
  readonly modSeq: string | null;
}

/** A state of a mailbox in which everything was known. */
export interface KnownState {
  readonly uidValidity: UidValidity;
  readonly modSeq: string;
}

/** One message's FETCH answer. */
export type FetchItems = ReadonlyMap<string, FetchValue>;

/** A body that has not been read yet. */
export interface BodyStream {
  readonly sizeBytes: number;
  readonly pieces: AsyncIterable<Buffer>;
}

/**
 * A logged-in connection that knows the commands that read an account: LIST, EXAMINE, UID FETCH and UID SEARCH.
 * It reads answers as they stream in, keeps literals byte for byte, and bounds every line and literal.
 * One command at a time; any error closes it for good.
 */
export class ImapConnection {
  /** For commands that this class doesn't know; they may not come between those that it does. */
  readonly wire: ImapWire;
  #selected: SelectedMailbox | undefined;
  #knowsChanges: boolean | undefined;

  constructor(endpoint: Endpoint) {
    this.wire = new ImapWire(endpoint);
  }

  /** False once something went wrong: close it and open another. */
  get isUsable(): boolean {
    return this.wire.isUsable;
  }

  /** The mailbox that is open for reading, as last heard of. */
  get selected(): SelectedMailbox | undefined {
    return this.#selected;
  }

  close(): void {
    this.wire.close();
  }

  /** Ends the connection; whoever waits on it gets `error`. */
  fail(error: Error): void {
    this.wire.fail(error);
  }

  /** Says goodbye and closes. */
  logOut(): Promise<void> {
    return this.wire.logOut();
  }

  /** The mailboxes that match a pattern (RFC 9051 §6.3.9), as they come. Errors: `server-refused`. */
  async list(pattern: string): Promise<ListedName[]> {
    const { capabilities } = this.wire;
    const listed: ListedName[] = [];
    let leftBytes = MAX_LIST_BYTES;
    const command = `LIST "" ${quote(pattern)}${capabilities.has('SPECIAL-USE') && capabilities.has('LIST-EXTENDED') ? ' RETURN (SPECIAL-USE)' : ''}`;
    const onLine = (text: string, segments: ResponseSegments): void => {
      if (!isListAnswer(text)) return;
      const name = parseListAnswer(segments);
      if (!name) throw this.violation(`a mailbox that can't be read: ${JSON.stringify(text.slice(0, 80))}`);
      if (name.rawName.length > MAX_NAME_BYTES) throw this.violation(`a mailbox name of ${name.rawName.length} bytes`);
      listed.push(name);
      for (const segment of segments) leftBytes -= segment.length;
      if (listed.length > MAX_MAILBOXES || leftBytes < 0)
        throw this.violation(`more mailboxes than ${MAX_MAILBOXES} or ${MAX_LIST_BYTES} bytes`);
    };
    const status = await this.#complete(command, onLine, 2 * MAX_MAILBOXES);
    if (status.status === 'NO') throw this.wire.refused(command, status);
    return listed;
  }

  /** What names of the account's own mailboxes begin with (RFC 2342); nothing where the server doesn't say. */
  async personalPrefixes(): Promise<string[]> {
    if (!this.wire.capabilities.has('NAMESPACE')) return [];
    const prefixes: string[] = [];
    await this.#complete('NAMESPACE', (text) => {
      prefixes.push(...parsePersonalPrefixes(text));
      if (prefixes.length > MAX_NAMESPACES) throw this.violation(`more than ${MAX_NAMESPACES} namespaces`);
    });
    return prefixes.filter((prefix) => isQuotable(prefix));
  }

  /** Opens a mailbox read-only: nothing that follows can change it (SPEC P8). Errors: `server-refused`. */
  async examine(rawName: string): Promise<SelectedMailbox> {
    await this.#askForChanges();
    return (await this.#open(rawName, '')).selected;
  }

  /**
   * Opens a mailbox read-only and asks which of its messages are gone since `known` (QRESYNC, RFC 7162 §3.2.5). `gone` may
   * name UIDs that nobody knew; null where the server can't tell, or the mailbox is another one now. Errors: `server-refused`.
   */
  async examineSince(rawName: string, known: KnownState): Promise<{ selected: SelectedMailbox; gone: readonly number[] | null }> {
    if (!(await this.#askForChanges())) return { selected: await this.examine(rawName), gone: null };
    const { selected, gone } = await this.#open(rawName, ` (QRESYNC (${known.uidValidity} ${known.modSeq}))`);
    return { selected, gone: selected.uidValidity === known.uidValidity ? gone : null };
  }

  /** Has the server keep track of changes, before any mailbox is opened (RFC 7162 §3.2.3); false where it can't. */
  async #askForChanges(): Promise<boolean> {
    this.#knowsChanges ??=
      this.wire.capabilities.has('QRESYNC') && (await this.#complete('ENABLE QRESYNC', () => undefined)).status === 'OK';
    return this.#knowsChanges;
  }

  async #open(rawName: string, parameters: string): Promise<{ selected: SelectedMailbox; gone: number[] | null }> {
    this.#selected = undefined;
    if (!isQuotable(rawName)) throw this.wire.refused('EXAMINE', { text: "the mailbox's name has line ends or NUL in it" });
    let uidValidity = 0;
    let exists = -1;
    let modSeq: string | null = null;
    let gone: number[] | null = [];
    const command = `EXAMINE ${quote(rawName)}${parameters}`;
    const onLine = (text: string): void => {
      uidValidity = Number(/\[UIDVALIDITY (\d{1,10})\]/i.exec(text)?.[1] ?? uidValidity);
      exists = Number(/^\* (\d{1,10}) EXISTS/i.exec(text)?.[1] ?? exists);
      modSeq = /\[HIGHESTMODSEQ (\d{1,19})\]/i.exec(text)?.[1] ?? modSeq;
      const [, isEarlier, set = ''] = VANISHED.exec(text) ?? [];
      if (!isEarlier || !gone) return;
      const more = parseSequenceSet(set, MAX_CHANGES - gone.length);
      gone = more && gone.concat(more);
    };
    const status = await this.#complete(command, onLine, MAX_CHANGES);
    if (status.status === 'NO') throw this.wire.refused(command, status);
    if (uidValidity === 0) throw this.wire.refused(command, { text: 'it answered without a UIDVALIDITY' });
    if (exists < 0) throw this.wire.refused(command, { text: 'it answered without a count of messages' });
    this.#selected = { rawName, uidValidity: uidValidity as UidValidity, remaining: exists, modSeq };
    return { selected: this.#selected, gone };
  }

  /** Which of the UIDs still exist; null when the server doesn't say. */
  async searchUids(set: string): Promise<ReadonlySet<number> | null> {
    let found: Set<number> | null = null;
    const command = `UID SEARCH UID ${set}`;
    const status = await this.#complete(command, (text) => {
      if (!/^\* SEARCH\b/i.test(text)) return;
      found ??= new Set();
      for (const uid of text.slice(8).trim().split(/\s+/)) found.add(Number(uid));
    });
    if (status.status === 'NO') throw this.wire.refused(command, status);
    return found;
  }

  /**
   * Asks for items of messages and yields each answer that has a UID, whether it was asked for or not.
   * A malformed answer is left out: the caller holds what came against what was wanted.
   * Literals that have more than `literalLimitBytes` together, and many more answers than the `expectedCount`, end the
   * connection (`protocol-violation`).
   * A consumer that stops early ends the connection.
   */
  async *fetch(set: string, items: string, expectedCount: number, literalLimitBytes: number): AsyncGenerator<FetchItems, TaggedStatus> {
    const tag = this.wire.send(`UID FETCH ${set} (${items})`);
    let isDone = false;
    try {
      for (let count = 0; count <= 2 * expectedCount + MAX_STRAY_RESPONSES; count += 1) {
        const segments = await this.wire.response(literalLimitBytes);
        const text = String(segments[0]);
        if (text.startsWith(`${tag} `)) {
          isDone = true;
          return this.wire.status(text, tag);
        }
        const answer = this.#heed(text, segments);
        if (answer?.has('UID')) yield answer;
      }
      throw this.violation('endless answers to one command');
    } finally {
      if (!isDone) this.fail(this.violation('a transfer was left in the middle'));
    }
  }

  /**
   * Asks for one body and hands it over unread, at most once; nothing when the server gives none.
   * The body has to be read to its end before the next step, else the connection ends.
   */
  async *fetchBody(uid: number, limitBytes: number): AsyncGenerator<BodyStream, TaggedStatus> {
    const tag = this.wire.send(`UID FETCH ${uid} (UID BODY.PEEK[])`);
    let isDone = false;
    let stray = 0;
    try {
      while (stray <= MAX_STRAY_RESPONSES) {
        const line = await this.wire.line();
        const literal = LITERAL_AT_END.exec(line);
        if (line.startsWith(`${tag} `)) {
          isDone = true;
          return this.wire.status(line, tag);
        }
        if (!literal) {
          this.#heed(line, [line]);
          stray += 1;
          continue;
        }
        const sizeBytes = Number(literal[1]);
        const isBody = BODY_AT_END.test(line.slice(0, literal.index)) && UNTAGGED_NUMBER.exec(line)?.[2]?.toUpperCase() === 'FETCH';
        if (sizeBytes > (isBody ? limitBytes : MAX_LINE_BYTES)) throw this.violation(`a literal of ${sizeBytes} bytes was announced`);
        if (!isBody) {
          stray += 1;
          await this.wire.bytes(sizeBytes);
          continue;
        }
        let left = sizeBytes;
        const { wire } = this;
        const pieces = async function* (): AsyncGenerator<Buffer> {
          for await (const piece of wire.stream(sizeBytes)) {
            left -= piece.length;
            yield piece;
          }
        };
        yield { sizeBytes, pieces: pieces() };
        if (left > 0) throw this.violation('a body was left in the middle');
        await this.wire.line();
      }
      throw this.violation('endless answers to one command');
    } finally {
      if (!isDone) this.fail(this.violation('a transfer was left in the middle'));
    }
  }

  /** Runs a command whose answers are plain lines. */
  #complete(command: string, onLine: (text: string, segments: ResponseSegments) => void, maxLines?: number): Promise<TaggedStatus> {
    const heed = (text: string, segments: ResponseSegments): void => {
      onLine(text, segments);
      this.#heed(text, segments);
    };
    return this.wire.complete(command, heed, maxLines);
  }

  /** Takes note of what the server says beside the answer; gives back the items of a FETCH. */
  #heed(text: string, segments: ResponseSegments): FetchItems | undefined {
    this.wire.throwIfBye(text);
    const numbered = UNTAGGED_NUMBER.exec(text);
    const [, isEarlier, vanished] = VANISHED.exec(text) ?? [];
    if (this.#selected && vanished !== undefined && !isEarlier)
      this.#selected.remaining -= parseSequenceSet(vanished, MAX_CHANGES)?.length ?? 0;
    if (!numbered) {
      if (text.startsWith('* ')) return undefined;
      throw this.violation(`an unexpected line: ${JSON.stringify(text.slice(0, 80))}`);
    }
    const [head, , name = ''] = numbered;
    if (name.toUpperCase() === 'FETCH') return parseFetchItems(segments, head.length);
    if (this.#selected && name.toUpperCase() === 'EXPUNGE') this.#selected.remaining -= 1;
    return undefined;
  }

  /** The error for an answer that no honest server gives. */
  violation(reason: string): MailferryError {
    return this.wire.violation(reason);
  }
}

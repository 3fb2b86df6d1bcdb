import type { Readable, Writable } from 'node:stream';
import { MailferryError } from '../../errors.ts';
import type { UidValidity } from '../../mail/mailbox.ts';
import { ByteReader } from '../../net/byte-reader.ts';
import { readBackoff } from '../../net/read-backoff.ts';
import { type FetchValue, parseFetchItems, type ResponseSegments } from './fetch-response.ts';
import type { ImapAddress } from './imap-address.ts';
import { isListAnswer, type ListedName, parseListAnswer, parsePersonalPrefixes } from './list-response.ts';
import { parseSequenceSet } from './sequence-set.ts';

/** The longest line that is read; a line of FETCH answers without bodies stays far below. */
const MAX_LINE_BYTES = 256 * 1024;
/** No honest answer to what we ask has more literals. */
const MAX_LITERALS = 16;
/** Untagged responses in a row that have nothing of what was asked for. */
const MAX_STRAY_RESPONSES = 100_000;
/** More mailboxes than this, or longer names and attributes of all together, are refused. */
const MAX_MAILBOXES = 100_000;
const MAX_LIST_BYTES = 32 * 1024 * 1024;
/** Longer names stand in the way of everything that holds them beside each message. */
const MAX_NAME_BYTES = 16 * 1024;
/** Every one costs a LIST. */
const MAX_NAMESPACES = 16;
/** What changed in a mailbox since an earlier look: flags of its messages, and UIDs that are gone. */
const MAX_CHANGES = 1_000_000;

const UNQUOTABLE = /[\r\n\0]/;
const LITERAL_AT_END = /\{(\d{1,18})\+?\}$/;
const BODY_AT_END = /BODY\[\] $/i;
const VANISHED = /^\* VANISHED (\(EARLIER\) )?([\d:,]+)$/i;
const BUSY = /^\[(THROTTLED|LIMIT|UNAVAILABLE|INUSE|OVERQUOTA)\b|backoff time/i;
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

export interface TaggedStatus {
  readonly status: 'OK' | 'NO';
  readonly text: string;
}

interface Endpoint {
  readonly sockets: { readonly readSocket: Readable; readonly writeSocket: Writable };
  /** As announced after the log-in, in upper case. */
  readonly capabilities: ReadonlySet<string>;
  readonly address: ImapAddress;
  /** Longest silence of the server while we wait for it. */
  readonly stallMs: number;
}

/** Quotes a mailbox name as it was listed. RFC 9051 §9, quoted. */
const quote = (rawName: string): string => `"${rawName.replace(/["\\]/g, '\\$&')}"`;

/**
 * A logged-in connection that knows the commands that read an account: LIST, EXAMINE, UID FETCH and UID SEARCH.
 * It reads answers as they stream in, keeps literals byte for byte, and bounds every line and literal.
 * One command at a time; any error closes it for good.
 */
export class ImapConnection {
  readonly #endpoint: Endpoint;
  readonly #reader: ByteReader;
  #tagNumber = 0;
  #selected: SelectedMailbox | undefined;
  #isBroken = false;
  #knowsChanges: boolean | undefined;

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint;
    const { readSocket, writeSocket } = endpoint.sockets;
    const { host, port } = endpoint.address;
    const lost = (reason: string, cause?: unknown) => new MailferryError('connection-lost', { host, port, reason }, { cause });
    this.#reader = new ByteReader(
      readSocket,
      endpoint.stallMs,
      () => new MailferryError('connection-stalled', { host, port, seconds: endpoint.stallMs / 1000 }),
    );
    for (const socket of new Set([readSocket, writeSocket])) {
      socket.on('error', (error) => this.#reader.fail(lost(error.message, error)));
      socket.on('close', () => {
        this.#isBroken = true;
        this.#reader.fail(lost('closed by the server'));
      });
      socket.on('end', () => this.#reader.fail(lost('closed by the server')));
    }
  }

  /** False once something went wrong: close it and open another. */
  get isUsable(): boolean {
    return !this.#isBroken;
  }

  /** The mailbox that is open for reading, as last heard of. */
  get selected(): SelectedMailbox | undefined {
    return this.#selected;
  }

  close(): void {
    this.fail(new MailferryError('cancelled', {}));
  }

  /** Ends the connection; whoever waits on it gets `error`. */
  fail(error: Error): void {
    this.#isBroken = true;
    this.#reader.fail(error);
    this.#endpoint.sockets.readSocket.destroy();
    this.#endpoint.sockets.writeSocket.destroy();
  }

  /** Says goodbye and closes. */
  async logOut(): Promise<void> {
    const { writeSocket } = this.#endpoint.sockets;
    if (this.isUsable) await new Promise<void>((resolve) => writeSocket.write(`${this.#nextTag()} LOGOUT\r\n`, () => resolve()));
    this.close();
  }

  /** The mailboxes that match a pattern (RFC 9051 §6.3.9), as they come. Errors: `server-refused`. */
  async list(pattern: string): Promise<ListedName[]> {
    const { capabilities } = this.#endpoint;
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
    if (status.status === 'NO') throw this.#refused(command, status);
    return listed;
  }

  /** What names of the account's own mailboxes begin with (RFC 2342); nothing where the server doesn't say. */
  async personalPrefixes(): Promise<string[]> {
    if (!this.#endpoint.capabilities.has('NAMESPACE')) return [];
    const prefixes: string[] = [];
    await this.#complete('NAMESPACE', (text) => {
      prefixes.push(...parsePersonalPrefixes(text));
      if (prefixes.length > MAX_NAMESPACES) throw this.violation(`more than ${MAX_NAMESPACES} namespaces`);
    });
    return prefixes.filter((prefix) => !UNQUOTABLE.test(prefix));
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
      this.#endpoint.capabilities.has('QRESYNC') && (await this.#complete('ENABLE QRESYNC', () => undefined)).status === 'OK';
    return this.#knowsChanges;
  }

  async #open(rawName: string, parameters: string): Promise<{ selected: SelectedMailbox; gone: number[] | null }> {
    this.#selected = undefined;
    // Within quotes these would end the command, and what follows would be another (RFC 9051 §9, QUOTED-CHAR).
    if (UNQUOTABLE.test(rawName)) throw this.#refused('EXAMINE', { status: 'NO', text: "the mailbox's name has line ends or NUL in it" });
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
    if (status.status === 'NO') throw this.#refused(command, status);
    if (uidValidity === 0) throw this.#refused(command, { status: 'NO', text: 'it answered without a UIDVALIDITY' });
    if (exists < 0) throw this.#refused(command, { status: 'NO', text: 'it answered without a count of messages' });
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
    if (status.status === 'NO') throw this.#refused(command, status);
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
    const tag = this.#send(`UID FETCH ${set} (${items})`);
    let isDone = false;
    try {
      for (let count = 0; count <= 2 * expectedCount + MAX_STRAY_RESPONSES; count += 1) {
        const segments = await this.#response(literalLimitBytes);
        const text = String(segments[0]);
        if (text.startsWith(`${tag} `)) {
          isDone = true;
          return this.#status(text, tag);
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
    const tag = this.#send(`UID FETCH ${uid} (UID BODY.PEEK[])`);
    let isDone = false;
    let stray = 0;
    try {
      while (stray <= MAX_STRAY_RESPONSES) {
        const line = await this.#line();
        const literal = LITERAL_AT_END.exec(line);
        if (line.startsWith(`${tag} `)) {
          isDone = true;
          return this.#status(line, tag);
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
          await this.#reader.bytes(sizeBytes);
          continue;
        }
        let left = sizeBytes;
        const reader = this.#reader;
        const pieces = async function* (): AsyncGenerator<Buffer> {
          for await (const piece of reader.stream(sizeBytes)) {
            left -= piece.length;
            yield piece;
          }
        };
        yield { sizeBytes, pieces: pieces() };
        if (left > 0) throw this.violation('a body was left in the middle');
        await this.#line();
      }
      throw this.violation('endless answers to one command');
    } finally {
      if (!isDone) this.fail(this.violation('a transfer was left in the middle'));
    }
  }

  /** Runs a command whose answers are plain lines. */
  async #complete(
    command: string,
    onLine: (text: string, segments: ResponseSegments) => void,
    maxLines = MAX_STRAY_RESPONSES,
  ): Promise<TaggedStatus> {
    const tag = this.#send(command);
    try {
      for (let lines = 0; lines < maxLines; lines += 1) {
        const segments = await this.#response(MAX_LINE_BYTES);
        const text = String(segments[0]);
        if (text.startsWith(`${tag} `)) return this.#status(text, tag);
        onLine(text, segments);
        this.#heed(text, segments);
      }
      throw this.violation('endless answers to one command');
    } catch (error) {
      this.fail(error instanceof Error ? error : new Error(String(error)));
      throw error;
    }
  }

  #nextTag(): string {
    this.#tagNumber += 1;
    return `M${this.#tagNumber}`;
  }

  #send(command: string): string {
    const tag = this.#nextTag();
    this.#endpoint.sockets.writeSocket.write(`${tag} ${command}\r\n`, 'latin1');
    return tag;
  }

  async #line(): Promise<string> {
    return (await this.#reader.line(MAX_LINE_BYTES, () => this.violation(`a line of more than ${MAX_LINE_BYTES} bytes`))).toString(
      'latin1',
    );
  }

  async #response(literalLimitBytes: number): Promise<ResponseSegments> {
    const segments: (string | Buffer)[] = [];
    for (let leftBytes = literalLimitBytes; ; ) {
      const text = await this.#line();
      const literal = LITERAL_AT_END.exec(text);
      if (!literal) {
        segments.push(text);
        return segments;
      }
      const sizeBytes = Number(literal[1]);
      leftBytes -= sizeBytes;
      if (leftBytes < 0) throw this.violation(`a literal of ${sizeBytes} bytes was announced`);
      if (segments.length > 2 * MAX_LITERALS) throw this.violation('too many literals in one response');
      segments.push(text.slice(0, literal.index), await this.#reader.bytes(sizeBytes));
    }
  }

  /** Takes note of what the server says beside the answer; gives back the items of a FETCH. */
  #heed(text: string, segments: ResponseSegments): FetchItems | undefined {
    if (/^\* BYE\b/i.test(text)) {
      const { host, port } = this.#endpoint.address;
      this.#throwIfBusy(text.slice(6));
      throw new MailferryError('connection-lost', { host, port, reason: text.slice(2) });
    }
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

  #status(text: string, tag: string): TaggedStatus {
    const [, status = '', reply = ''] = /^\S+ (\S+) ?(.*)$/.exec(text) ?? [];
    if (status.toUpperCase() === 'OK') return { status: 'OK', text: reply };
    if (status.toUpperCase() === 'NO') {
      this.#throwIfBusy(reply);
      return { status: 'NO', text: reply };
    }
    throw this.violation(`${tag} was answered with ${JSON.stringify(text.slice(0, 80))}`);
  }

  #throwIfBusy(reply: string): void {
    if (!BUSY.test(reply)) return;
    throw new MailferryError('server-busy', { host: this.#endpoint.address.host, reply }, { retryAfterMs: readBackoff(reply) });
  }

  #refused(command: string, status: TaggedStatus): MailferryError {
    return new MailferryError('server-refused', { host: this.#endpoint.address.host, command, reply: status.text });
  }

  /** The error for an answer that no honest server gives. */
  violation(reason: string): MailferryError {
    return new MailferryError('protocol-violation', { host: this.#endpoint.address.host, reason });
  }
}

import type { Readable, Writable } from 'node:stream';
import { MailferryError } from '../../errors.ts';
import { ByteReader } from '../byte-reader.ts';
import { readBackoff } from '../read-backoff.ts';
import type { ResponseSegments } from './fetch-response.ts';
import type { ImapAddress } from './imap-address.ts';

/** The longest line that is read; a line of FETCH answers without bodies stays far below. */
export const MAX_LINE_BYTES = 256 * 1024;
/** No honest answer to what we ask has more literals. */
const MAX_LITERALS = 16;
/** What has to get out within the longest silence: a slow line is no silent one. */
const WRITTEN_TOGETHER_BYTES = 64 * 1024;
/** Untagged responses in a row that have nothing of what was asked for. */
export const MAX_STRAY_RESPONSES = 100_000;

export const LITERAL_AT_END = /\{(\d{1,18})\+?\}$/;
const BUSY = /^\[(THROTTLED|LIMIT|UNAVAILABLE|INUSE|OVERQUOTA)\b|backoff time/i;
/** Within quotes these would end the command, and what follows would be another (RFC 9051 §9, QUOTED-CHAR). */
const UNQUOTABLE = /[\r\n\0]/;

export interface TaggedStatus {
  readonly status: 'OK' | 'NO';
  readonly text: string;
}

export interface Endpoint {
  readonly sockets: { readonly readSocket: Readable; readonly writeSocket: Writable };
  /** As announced after the log-in, in upper case. */
  readonly capabilities: ReadonlySet<string>;
  readonly address: ImapAddress;
  /** Longest silence of the server while we wait for it. */
  readonly stallMs: number;
}

export const isQuotable = (rawName: string): boolean => !UNQUOTABLE.test(rawName);

/** Quotes a mailbox name as it was listed. RFC 9051 §9, quoted. */
export const quote = (rawName: string): string => `"${rawName.replace(/["\\]/g, '\\$&')}"`;

/**
 * A logged-in connection at the level of commands and responses. It reads answers as they stream in, keeps literals
 * byte for byte, and bounds every line and literal. Any error closes it for good.
 */
export class ImapWire {
  readonly capabilities: ReadonlySet<string>;
  readonly #endpoint: Endpoint;
  readonly #reader: ByteReader;
  #tagNumber = 0;
  #isBroken = false;

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint;
    this.capabilities = endpoint.capabilities;
    const { readSocket, writeSocket } = endpoint.sockets;
    const { host, port } = endpoint.address;
    const lost = (reason: string, cause?: unknown) => new MailferryError('connection-lost', { host, port, reason }, { cause });
    this.#reader = new ByteReader(readSocket, endpoint.stallMs, () => this.#stalled());
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

  get host(): string {
    return this.#endpoint.address.host;
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
    if (this.isUsable) await new Promise<void>((resolve) => writeSocket.write(`${this.nextTag()} LOGOUT\r\n`, () => resolve()));
    this.close();
  }

  nextTag(): string {
    this.#tagNumber += 1;
    return `M${this.#tagNumber}`;
  }

  /** Sends a command; gives back its tag. */
  send(command: string): string {
    const tag = this.nextTag();
    this.#endpoint.sockets.writeSocket.write(`${tag} ${command}\r\n`, 'latin1');
    return tag;
  }

  /** Sends bytes as they are, and waits where the server takes them slower than they come. Who reads hears of a connection that breaks. */
  async write(bytes: Buffer): Promise<void> {
    for (let at = 0; at < bytes.length && !this.#isBroken; at += WRITTEN_TOGETHER_BYTES) {
      const isTaken = this.#endpoint.sockets.writeSocket.write(bytes.subarray(at, at + WRITTEN_TOGETHER_BYTES));
      if (!isTaken) await this.#drained();
    }
  }

  #drained(): Promise<void> {
    const { sockets, stallMs } = this.#endpoint;
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        sockets.writeSocket.off('drain', done).off('close', done);
        resolve();
      };
      const timer = setTimeout(() => {
        this.fail(this.#stalled());
        done();
      }, stallMs);
      sockets.writeSocket.once('drain', done).once('close', done);
    });
  }

  async line(): Promise<string> {
    return (await this.#reader.line(MAX_LINE_BYTES, () => this.violation(`a line of more than ${MAX_LINE_BYTES} bytes`))).toString(
      'latin1',
    );
  }

  async response(literalLimitBytes: number): Promise<ResponseSegments> {
    const segments: (string | Buffer)[] = [];
    for (let leftBytes = literalLimitBytes; ; ) {
      const text = await this.line();
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

  /** Exactly `count` bytes, in memory of their own. */
  bytes(count: number): Promise<Buffer> {
    return this.#reader.bytes(count);
  }

  /** Exactly `count` bytes in pieces. To be read to its end before anything else. */
  stream(count: number): AsyncGenerator<Buffer> {
    return this.#reader.stream(count);
  }

  /** Runs a command whose answers are plain lines. */
  async complete(
    command: string,
    onLine: (text: string, segments: ResponseSegments) => void = () => undefined,
    maxLines = MAX_STRAY_RESPONSES,
  ): Promise<TaggedStatus> {
    const tag = this.send(command);
    try {
      for (let lines = 0; lines < maxLines; lines += 1) {
        const segments = await this.response(MAX_LINE_BYTES);
        const text = String(segments[0]);
        if (text.startsWith(`${tag} `)) return this.status(text, tag);
        this.throwIfBye(text);
        onLine(text, segments);
      }
      throw this.violation('endless answers to one command');
    } catch (error) {
      this.fail(error instanceof Error ? error : new Error(String(error)));
      throw error;
    }
  }

  throwIfBye(text: string): void {
    if (!/^\* BYE\b/i.test(text)) return;
    const { host, port } = this.#endpoint.address;
    this.throwIfBusy(text.slice(6));
    throw new MailferryError('connection-lost', { host, port, reason: text.slice(2) });
  }

  status(text: string, tag: string): TaggedStatus {
    const [, status = '', reply = ''] = /^\S+ (\S+) ?(.*)$/.exec(text) ?? [];
    if (status.toUpperCase() === 'OK') return { status: 'OK', text: reply };
    if (status.toUpperCase() === 'NO') {
      this.throwIfBusy(reply);
      return { status: 'NO', text: reply };
    }
    throw this.violation(`${tag} was answered with ${JSON.stringify(text.slice(0, 80))}`);
  }

  throwIfBusy(reply: string): void {
    if (!BUSY.test(reply)) return;
    throw new MailferryError('server-busy', { host: this.#endpoint.address.host, reply }, { retryAfterMs: readBackoff(reply) });
  }

  refused(command: string, status: Pick<TaggedStatus, 'text'>): MailferryError {
    return new MailferryError('server-refused', { host: this.#endpoint.address.host, command, reply: status.text });
  }

  /** The error for an answer that no honest server gives. */
  violation(reason: string): MailferryError {
    return new MailferryError('protocol-violation', { host: this.#endpoint.address.host, reason });
  }

  #stalled(): MailferryError {
    const { host, port } = this.#endpoint.address;
    return new MailferryError('connection-stalled', { host, port, seconds: this.#endpoint.stallMs / 1000 });
  }
}

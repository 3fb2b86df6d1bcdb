import type { Socket } from 'node:net';
import { MailferryError } from '../../errors.ts';
import { ByteReader } from '../../net/byte-reader.ts';
import { readDotted, unstuff } from './dot-stuffing.ts';
import type { Pop3Address } from './pop3-address.ts';

/** The longest line of an answer; RFC 1939 §3 allows 512 bytes. */
const MAX_LINE_BYTES = 64 * 1024;
/** What a UIDL may have of a name (RFC 1939 §7: 70 bytes), and other lines of lists. */
const MAX_LIST_BYTES = 1024 * 1024 * 1024;

/** The answer's first line, without its `+OK` or `-ERR`. */
export interface Reply {
  readonly isOk: boolean;
  readonly text: string;
}

/**
 * An open POP3 connection: commands out, replies in, every line bounded. Any error but a `-ERR` closes it for good.
 * Whoever sends several commands at once reads the replies in the same order (RFC 2449 §6.6).
 */
export class Pop3Connection {
  readonly address: Pop3Address;
  readonly #stallMs: number;
  #socket: Socket;
  #reader: ByteReader;
  #isBroken = false;

  constructor(socket: Socket, address: Pop3Address, stallMs: number) {
    this.address = address;
    this.#stallMs = stallMs;
    this.#socket = socket;
    this.#reader = this.#read(socket);
  }

  /** False once something went wrong: open another. */
  get isUsable(): boolean {
    return !this.#isBroken;
  }

  /** The socket itself, to be made a TLS one. What the server sent ahead in clear is no part of the session: `protocol-violation`. */
  release(): Socket {
    if (this.#reader.hasUnread) throw this.violation('something was sent in clear behind the answer to STLS');
    this.#socket.removeAllListeners();
    this.#socket.pause();
    return this.#socket;
  }

  /** Goes on over TLS. */
  adopt(socket: Socket): void {
    this.#socket = socket;
    this.#reader = this.#read(socket);
  }

  /** Ends the connection; whoever waits on it gets `error`. */
  fail(error: Error): void {
    this.#isBroken = true;
    this.#reader.fail(error);
    this.#socket.destroy();
  }

  close(): void {
    this.fail(new MailferryError('cancelled', {}));
  }

  send(...commands: string[]): void {
    this.#socket.write(commands.map((command) => `${command}\r\n`).join(''));
  }

  async command(command: string): Promise<Reply> {
    this.send(command);
    return this.reply();
  }

  async reply(): Promise<Reply> {
    const line = await this.#line();
    const [, sign, text = ''] = /^(\+OK|-ERR)(?: (.*))?$/s.exec(line) ?? [];
    if (sign === undefined) throw this.#broken(`an answer without +OK or -ERR: ${JSON.stringify(line.slice(0, 80))}`);
    return { isOk: sign === '+OK', text };
  }

  /** The answer to a step of AUTH: a challenge, or the end. */
  async authReply(): Promise<Reply | { readonly challenge: string }> {
    const line = await this.#line();
    if (line.startsWith('+OK') || line.startsWith('-ERR')) return { isOk: line.startsWith('+OK'), text: line.replace(/^\S+ ?/, '') };
    if (line.startsWith('+')) return { challenge: line.slice(1).trim() };
    throw this.#broken('an answer to AUTH that is none');
  }

  /** The lines of a list, one character for each byte, without dot-stuffing. To be read to its end. */
  async *lines(limit: number): AsyncGenerator<string> {
    let bytes = 0;
    for (let count = 0; count <= limit && bytes < MAX_LIST_BYTES; count += 1) {
      const line = await this.#line();
      if (line === '.') return;
      bytes += line.length;
      yield line.startsWith('.') ? line.slice(1) : line;
    }
    throw this.#broken(`a list of more than ${limit} lines`);
  }

  /** A message's bytes as they come. To be read to its end, else the connection ends. */
  async *body(): AsyncGenerator<Buffer> {
    let isDone = false;
    try {
      yield* unstuff(readDotted(this.#reader));
      isDone = true;
    } finally {
      if (!isDone) this.close();
    }
  }

  /** The error for an answer that no honest server gives. */
  violation(reason: string): MailferryError {
    return new MailferryError('protocol-violation', { host: this.address.host, reason });
  }

  #broken(reason: string): MailferryError {
    const error = this.violation(reason);
    this.fail(error);
    return error;
  }

  async #line(): Promise<string> {
    const line = await this.#reader.line(MAX_LINE_BYTES, () => this.#broken(`a line of more than ${MAX_LINE_BYTES} bytes`));
    return line.toString('latin1');
  }

  #read(socket: Socket): ByteReader {
    const { host, port } = this.address;
    const stalled = () => {
      const error = new MailferryError('connection-stalled', { host, port, seconds: this.#stallMs / 1000 });
      this.fail(error);
      return error;
    };
    const reader = new ByteReader(socket, this.#stallMs, stalled);
    const lost = (reason: string, cause?: unknown): void => {
      this.#isBroken = true;
      reader.fail(new MailferryError('connection-lost', { host, port, reason }, { cause }));
    };
    socket.on('error', (error) => lost(error.message, error));
    socket.on('end', () => lost('closed by the server'));
    socket.on('close', () => lost('closed by the server'));
    return reader;
  }
}

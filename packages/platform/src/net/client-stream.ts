import type { Duplex } from 'node:stream';

/** The client is gone: whatever the connection was doing ends. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone';
}

/** The client sent a line longer than the limit. */
export class LineTooLong extends Error {
  override readonly name = 'LineTooLong';
}

const FLUSH_BYTES = 64 * 1024;
const EMPTY = Buffer.alloc(0);
const LF = 0x0a;
const CR = 0x0d;

/**
 * A client's connection, read when asked and written with back-pressure: nothing is taken from
 * the socket that no command wants yet, and nothing piles up for a client that does not read.
 */
export class ClientStream {
  #socket: Duplex;
  #unread: Buffer = EMPTY;
  #unsent: Buffer[] = [];
  #unsentBytes = 0;
  #isClosed = false;
  #hasEnded = false;
  readonly #waiting = new Set<() => void>();

  constructor(socket: Duplex) {
    this.#socket = socket;
    this.#listenTo(socket);
  }

  /** The line without its end, CRLF or a bare LF. Null when the client has closed. @throws LineTooLong, ClientGone */
  async readLine(maxBytes: number): Promise<Buffer | null> {
    let searched = 0;
    for (;;) {
      const end = this.#unread.indexOf(LF, searched);
      if (end > maxBytes || (end === -1 && this.#unread.length > maxBytes)) throw new LineTooLong();
      if (end !== -1) {
        const line = this.#unread.subarray(0, end > 0 && this.#unread[end - 1] === CR ? end - 1 : end);
        this.#unread = this.#unread.subarray(end + 1);
        return line;
      }
      searched = this.#unread.length;
      const chunk = await this.#nextChunk();
      if (!chunk) return null;
      this.#unread = Buffer.concat([this.#unread, chunk]);
    }
  }

  /** @throws ClientGone if it closes before */
  async readExactly(bytes: number): Promise<Buffer> {
    const target = Buffer.allocUnsafe(bytes);
    await this.#take(bytes, (piece, offset) => piece.copy(target, offset));
    return target;
  }

  /** Reads and forgets. @throws ClientGone if it closes before */
  async discard(bytes: number): Promise<void> {
    await this.#take(bytes, () => {});
  }

  /** To be awaited where much is written; small pieces are gathered until `flush`. @throws ClientGone */
  write(data: string | Buffer): Promise<void> | undefined {
    const bytes = typeof data === 'string' ? Buffer.from(data, 'latin1') : data;
    this.#unsent.push(bytes);
    this.#unsentBytes += bytes.length;
    return this.#unsentBytes < FLUSH_BYTES ? undefined : this.flush();
  }

  /** Resolves when the socket is ready for more. @throws ClientGone */
  async flush(): Promise<void> {
    // 'close' comes a turn later than the end; a sender of much would go on without giving it that turn.
    if (this.#isClosed || this.#socket.destroyed) throw new ClientGone();
    const bytes = this.#unsent.length === 1 ? (this.#unsent[0] ?? EMPTY) : Buffer.concat(this.#unsent);
    this.#unsent = [];
    this.#unsentBytes = 0;
    if (bytes.length === 0 || this.#socket.write(bytes)) return;
    while (this.#socket.writableNeedDrain) await this.#nextEvent();
  }

  /** Goes on over another socket, as after STARTTLS. What came in the clear before is forgotten, RFC 3501 §6.2.1. */
  replaceSocket(socket: Duplex): void {
    this.#unread = EMPTY;
    this.#socket.removeAllListeners('readable');
    this.#socket = socket;
    this.#listenTo(socket);
  }

  /** Sends what is unsent and `lastLine`, as far as the socket takes it, and closes. */
  close(lastLine = ''): void {
    if (this.#isClosed) return;
    this.#socket.end(Buffer.concat([...this.#unsent, Buffer.from(lastLine)]));
    this.#isClosed = true;
    this.#wake();
    // A client that does not close its side gets no second chance to keep the socket.
    setTimeout(() => this.#socket.destroy(), 1000).unref();
  }

  destroy(): void {
    this.#isClosed = true;
    this.#socket.destroy();
    this.#wake();
  }

  #listenTo(socket: Duplex): void {
    const wake = (): void => this.#wake();
    socket.on('readable', wake);
    socket.on('drain', wake);
    socket.on('end', () => {
      if (socket === this.#socket) this.#hasEnded = true;
      wake();
    });
    // 'close' follows; without a listener an error would end the process.
    socket.on('error', wake);
    socket.on('close', () => {
      if (socket === this.#socket) this.#isClosed = true;
      wake();
    });
  }

  async #take(bytes: number, use: (piece: Buffer, offset: number) => void): Promise<void> {
    let offset = 0;
    while (offset < bytes) {
      const chunk = this.#unread.length > 0 ? this.#unread : await this.#nextChunk();
      if (!chunk) throw new ClientGone();
      const piece = chunk.subarray(0, bytes - offset);
      use(piece, offset);
      offset += piece.length;
      this.#unread = chunk.subarray(piece.length);
    }
  }

  /** Null at the end of what the client sends. */
  async #nextChunk(): Promise<Buffer | null> {
    for (;;) {
      if (this.#isClosed) throw new ClientGone();
      const chunk: Buffer | null = this.#socket.read();
      if (chunk) return chunk;
      if (this.#hasEnded) return null;
      await this.#nextEvent();
    }
  }

  async #nextEvent(): Promise<void> {
    if (this.#isClosed) throw new ClientGone();
    await new Promise<void>((resolve) => {
      this.#waiting.add(resolve);
    });
    if (this.#isClosed) throw new ClientGone();
  }

  #wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resolve of waiting) resolve();
  }
}

import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LineFaults } from './faults.ts';

/** A throttled line sends its share that often. */
const TICK_MS = 20;

/** A connection whose way to the client is slow, narrow, or breaks. To the server it is a socket as any other. */
export class FaultyLine extends Duplex {
  readonly #socket: Socket;
  readonly #faults: LineFaults;
  #sentBytes = 0;

  constructor(socket: Socket, faults: LineFaults) {
    super({ allowHalfOpen: true });
    this.#socket = socket;
    this.#faults = faults;
    socket.on('data', (bytes) => {
      if (!this.push(bytes)) socket.pause();
    });
    socket.on('end', () => this.push(null));
    socket.on('error', (error) => this.destroy(error));
    socket.on('close', () => this.destroy());
    socket.on('timeout', () => this.emit('timeout'));
  }

  get remoteAddress(): string | undefined {
    return this.#socket.remoteAddress;
  }

  get remotePort(): number | undefined {
    return this.#socket.remotePort;
  }

  get remoteFamily(): string | undefined {
    return this.#socket.remoteFamily;
  }

  get localAddress(): string | undefined {
    return this.#socket.localAddress;
  }

  get localPort(): number | undefined {
    return this.#socket.localPort;
  }

  setNoDelay(on?: boolean): this {
    this.#socket.setNoDelay(on);
    return this;
  }

  setKeepAlive(on?: boolean, initialDelayMs?: number): this {
    this.#socket.setKeepAlive(on, initialDelayMs);
    return this;
  }

  setTimeout(timeoutMs: number, listener?: () => void): this {
    this.#socket.setTimeout(timeoutMs);
    if (listener) this.once('timeout', listener);
    return this;
  }

  ref(): this {
    this.#socket.ref();
    return this;
  }

  unref(): this {
    this.#socket.unref();
    return this;
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(bytes: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#send(bytes).then(() => done(), done);
  }

  override _final(done: () => void): void {
    this.#socket.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }

  async #send(bytes: Buffer): Promise<void> {
    const { delayMs, bytesPerSecond, dropAfterBytes } = this.#faults;
    if (delayMs > 0) await sleep(delayMs);
    const allowed = bytes.subarray(0, Math.max(dropAfterBytes - this.#sentBytes, 0));
    const share = Math.max(Math.floor((bytesPerSecond * TICK_MS) / 1000), 1);
    for (let start = 0; start < allowed.length && !this.destroyed; start += share) {
      const piece = allowed.subarray(start, Math.min(start + share, allowed.length));
      this.#sentBytes += piece.length;
      await this.#pass(piece);
      if (bytesPerSecond !== Number.POSITIVE_INFINITY) await sleep(Math.max(TICK_MS, (piece.length / bytesPerSecond) * 1000));
    }
    // A reset could overtake what was sent; so the client gets every byte up to here, and then the end.
    if (this.#sentBytes >= dropAfterBytes) this.#socket.destroySoon();
  }

  #pass(piece: Buffer): Promise<void> {
    return new Promise((resolve) => {
      this.#socket.write(piece, () => resolve());
    });
  }
}

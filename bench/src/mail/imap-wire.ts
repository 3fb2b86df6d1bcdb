import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const TAG = 'a1';
const LAST_LINE = new RegExp(`(?:^|\r\n)${TAG} (OK|NO|BAD)[^\r\n]*\r\n$`);
const FETCH_LINE = /^\* \d+ FETCH /gm;
/** A tagged line and the beginning of an untagged one are shorter. */
const LONGEST_LINE = 4096;

export interface WireAnswer {
  /** Untagged FETCH lines. */
  readonly fetched: number;
  readonly bytes: number;
}

/** A connection that sends a command and counts what comes back: as little of a client as there can be. */
export class ImapWire implements AsyncDisposable {
  readonly #socket: Socket;

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  static async logIn(port: number, user: string, password: string): Promise<ImapWire> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'data');
    const wire = new ImapWire(socket);
    await wire.command(`LOGIN ${user} ${password}`);
    return wire;
  }

  /** @throws Error for an answer that is not OK */
  async command(text: string | Buffer): Promise<WireAnswer> {
    this.#socket.write(Buffer.concat([Buffer.from(`${TAG} `), Buffer.from(text), Buffer.from('\r\n')]));
    let fetched = 0;
    let bytes = 0;
    let rest = '';
    for await (const chunk of this.#socket.iterator({ destroyOnReturn: false })) {
      bytes += chunk.length;
      const seen = rest + chunk.toString('latin1');
      const end = seen.lastIndexOf('\n') + 1;
      fetched += seen.slice(0, end).match(FETCH_LINE)?.length ?? 0;
      const status = LAST_LINE.exec(seen.slice(-LONGEST_LINE))?.[1];
      if (status === 'OK') break;
      if (status !== undefined) throw new Error(seen.slice(-LONGEST_LINE));
      rest = seen.slice(end);
    }
    return { fetched, bytes };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.end('z LOGOUT\r\n');
    await once(this.#socket.resume(), 'close');
  }
}

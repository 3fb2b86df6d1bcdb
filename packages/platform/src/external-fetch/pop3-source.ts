import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { FetchFailure } from './fetch-failure.ts';
import type { FetchLimits } from './fetch-limits.ts';
import { Pop3Wire } from './pop3-wire.ts';

/** `tls` from the first byte, `starttls` after STLS; `plain` sends the password in the clear. */
export const SOURCE_SECURITIES = ['tls', 'starttls', 'plain'] as const;
type SourceSecurity = (typeof SOURCE_SECURITIES)[number];

/** A maildrop elsewhere. */
export interface Pop3Account {
  readonly host: string;
  readonly port: number;
  readonly security: SourceSecurity;
  readonly user: string;
  readonly password: string;
}

export interface ListedMessage {
  readonly number: number;
  /** RFC 1939 §7. */
  readonly uniqueId: string;
  /** As the server says. */
  readonly sizeBytes: number;
}

const LIST_LINE = /^(\d{1,10}) (\d{1,15})$/;
/** RFC 1939 has 70 characters of ASCII; some servers have more. */
const UIDL_LINE = /^(\d{1,10}) ([\x21-\x7e\x80-\xff]{1,250})$/;

/** Waits for TCP, and for TLS from the start if that is wanted. */
const open = async (account: Pop3Account, address: string, timeoutMs: number, signal: AbortSignal): Promise<Socket> => {
  const to = { host: address, port: account.port };
  const socket = account.security === 'tls' ? connectTls({ ...to, ...identityOf(account) }) : connect(to);
  return ready(socket, account.security === 'tls' ? 'secureConnect' : 'connect', timeoutMs, signal);
};

const identityOf = ({ host }: Pop3Account): { servername?: string } => (isIP(host) ? {} : { servername: host });

/** Waits for the event; the caller watches over the socket from then on. @throws FetchFailure, with the socket destroyed */
const ready = (socket: Socket, event: 'connect' | 'secureConnect', timeoutMs: number, signal: AbortSignal): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const code = event === 'secureConnect' ? 'tls-refused' : 'connection-failed';
    const refuse = (cause?: unknown): void => {
      socket.destroy();
      reject(new FetchFailure(code, 'The server can not be reached', { cause }));
    };
    socket.once('error', refuse);
    socket.once('close', () => refuse());
    socket.setTimeout(timeoutMs, refuse);
    signal.addEventListener('abort', () => refuse(signal.reason), { once: true });
    socket.once(event, () => {
      socket.off('error', refuse);
      socket.off('timeout', refuse);
      // A later one ends the reading; without a listener it would end the process.
      socket.on('error', () => {});
      resolve(socket);
    });
  });

/** A POP3 client that only reads: it never sends DELE. Every method throws FetchFailure. */
export class Pop3Source {
  #socket: Socket;
  #wire: Pop3Wire;
  readonly #limits: FetchLimits;

  private constructor(socket: Socket, limits: FetchLimits) {
    this.#socket = socket;
    this.#wire = new Pop3Wire(socket);
    this.#limits = limits;
  }

  /** Connects to the address, which was looked up and allowed, and logs in. The caller closes it. */
  static async logIn(account: Pop3Account, address: string, limits: FetchLimits, signal: AbortSignal): Promise<Pop3Source> {
    const source = new Pop3Source(await open(account, address, limits.idleMs, signal), limits);
    try {
      source.#watch(signal);
      await source.#greet(account, signal);
      await source.#command(`USER ${account.user}`, 'log-in-refused', 'The user name was refused');
      await source.#command(`PASS ${account.password}`, 'log-in-refused', 'The password was refused');
      return source;
    } catch (error) {
      source.close();
      throw error;
    }
  }

  /** All messages by their numbers. */
  async list(): Promise<ListedMessage[]> {
    const { messages } = this.#limits;
    await this.#command('UIDL', 'no-unique-ids', 'The server has no UIDL, so it can not be told what is new');
    const uniqueIds = (await this.#wire.readList(messages)).map((line) => UIDL_LINE.exec(line));
    await this.#command('LIST', 'protocol-violated', 'The server refused LIST');
    const sizes = new Map((await this.#wire.readList(messages)).map((line) => [LIST_LINE.exec(line)?.[1], LIST_LINE.exec(line)?.[2]]));
    const listed = uniqueIds.map((match) => {
      const [, number = '', uniqueId = ''] = match ?? [];
      const sizeBytes = sizes.get(number);
      if (!match || sizeBytes === undefined) throw new FetchFailure('protocol-violated', 'UIDL and LIST do not fit together');
      return { number: Number(number), uniqueId, sizeBytes: Number(sizeBytes) };
    });
    if (new Set(listed.map(({ number }) => number)).size < listed.length) {
      throw new FetchFailure('protocol-violated', 'UIDL has a number twice');
    }
    return listed;
  }

  /** Null for a message that is larger than was listed, and too large; undefined for one that the server does not give. */
  async retrieve({ number, uniqueId }: ListedMessage): Promise<Buffer | null | undefined> {
    this.#wire.send(`RETR ${number}`);
    if (!(await this.#isOk())) return undefined;
    const message = await this.#wire.readMessage(this.#limits.messageBytes);
    // A message with a dot alone on a line, from a server that forgets to stuff it, ends too early: its rest is no answer to this.
    this.#wire.send(`UIDL ${number}`);
    const [, first, second] = /^\+OK +(\d+) +(\S+)/i.exec(await this.#wire.readLine()) ?? [];
    if (first !== String(number) || second !== uniqueId) {
      throw new FetchFailure('protocol-violated', `What the server gave for message ${number} is not what it listed`);
    }
    return message;
  }

  /** Says good-bye without waiting for the answer. */
  close(): void {
    this.#wire.send('QUIT');
    this.#socket.end();
    this.#socket.setTimeout(1000, () => this.#socket.destroy());
  }

  #watch(signal: AbortSignal): void {
    const socket = this.#socket;
    socket.setTimeout(this.#limits.idleMs, () => socket.destroy(new FetchFailure('timed-out', 'The server does not answer')));
    signal.addEventListener('abort', () => socket.destroy(signal.reason), { once: true });
  }

  async #greet(account: Pop3Account, signal: AbortSignal): Promise<void> {
    if (!(await this.#isOk())) throw new FetchFailure('connection-failed', 'The server is not ready');
    if (account.security !== 'starttls') return;
    await this.#command('STLS', 'tls-refused', 'The server has no STLS');
    this.#wire.detach();
    const plain = this.#socket.setTimeout(0);
    this.#socket = await ready(connectTls({ socket: plain, ...identityOf(account) }), 'secureConnect', this.#limits.idleMs, signal);
    this.#wire = new Pop3Wire(this.#socket);
    this.#watch(signal);
  }

  async #command(line: string, code: FetchFailure['code'], refusal: string): Promise<void> {
    this.#wire.send(line);
    if (!(await this.#isOk())) throw new FetchFailure(code, refusal);
  }

  async #isOk(): Promise<boolean> {
    const line = await this.#wire.readLine();
    if (/^\+OK( |$)/i.test(line)) return true;
    if (/^-ERR( |$)/i.test(line)) return false;
    throw new FetchFailure('protocol-violated', 'The server does not speak POP3');
  }
}

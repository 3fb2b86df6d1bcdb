import { MailferryError, throwIfCancelled } from '../../errors.ts';
import type { ImapConnection } from './imap-connection.ts';

const MAX_CONNECTIONS = 16;

/** Throws `option-invalid` for a number of connections that no account should be asked for. */
export const checkConnections = (connections: number): number => {
  if (Number.isInteger(connections) && connections >= 1 && connections <= MAX_CONNECTIONS) return connections;
  throw new MailferryError('option-invalid', { option: 'connections', reason: `it has to be 1 to ${MAX_CONNECTIONS}` });
};

/**
 * The logged-in connections of an account. It begins with the number that was asked for; when the server takes no more
 * than it has already, that is the number from then on, and whoever wants one waits.
 */
export class ConnectionPool {
  readonly #open: (signal: AbortSignal) => Promise<ImapConnection>;
  readonly #idle: ImapConnection[] = [];
  #limit: number;
  #openCount = 0;
  #changed = Promise.withResolvers<void>();

  constructor(limit: number, open: (signal: AbortSignal) => Promise<ImapConnection>) {
    this.#limit = limit;
    this.#open = open;
  }

  /** A connection for the caller alone, best one with the mailbox open; goes back with `release`. Errors: those of the log-in. */
  async acquire(signal: AbortSignal, rawName: string | null): Promise<ImapConnection> {
    const wake = (): void => this.#wake();
    signal.addEventListener('abort', wake, { once: true });
    try {
      return await this.#acquire(signal, rawName);
    } finally {
      signal.removeEventListener('abort', wake);
    }
  }

  async #acquire(signal: AbortSignal, rawName: string | null): Promise<ImapConnection> {
    for (;;) {
      throwIfCancelled(signal);
      // Taken first, so that nothing that changes from here on is missed.
      const changed = this.#changed.promise;
      const idle = this.#takeIdle(rawName);
      if (idle) return idle;
      const opened = this.#openCount < this.#limit ? await this.#openOne(signal) : null;
      if (opened) return opened;
      await changed;
    }
  }

  release(connection: ImapConnection): void {
    if (connection.isUsable) this.#idle.push(connection);
    else this.#openCount -= 1;
    this.#wake();
  }

  async close(): Promise<void> {
    await Promise.all(this.#idle.splice(0).map((connection) => connection.logOut()));
  }

  #takeIdle(rawName: string | null): ImapConnection | null {
    const usable = this.#idle.filter((connection) => connection.isUsable);
    this.#openCount -= this.#idle.length - usable.length;
    this.#idle.splice(0, this.#idle.length, ...usable);
    const at = this.#idle.findIndex((connection) => connection.selected?.rawName === rawName);
    return this.#idle.splice(at, 1)[0] ?? null;
  }

  /** Null when the server takes no connection beside those that are open. */
  async #openOne(signal: AbortSignal): Promise<ImapConnection | null> {
    this.#openCount += 1;
    try {
      return await this.#open(signal);
    } catch (error) {
      this.#openCount -= 1;
      this.#wake();
      if (this.#openCount === 0 || !(error instanceof MailferryError) || error.scope !== 'account') throw error;
      this.#limit = this.#openCount;
      return null;
    }
  }

  #wake(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}

import type { Connection } from './database.ts';

export const ROUTES = ['imap', 'pop3', 'smtp', 'web'] as const;
/** The way into an account; `web` is the HTTP API and the console. */
export type Route = (typeof ROUTES)[number];

/** A log-in, granted or not (SPEC A12). */
export interface Access {
  readonly at: Date;
  readonly route: Route;
  /** As it was typed, cut to 320 characters. */
  readonly user: string;
  /** The client's IP address. */
  readonly address: string;
  /** `ok`, or the code of the refusal. */
  readonly result: string;
}

interface AccessRow extends Omit<Access, 'at'> {
  readonly id: number;
  readonly at: number;
}

/** The oldest go when there are more. */
const MAX_ROWS = 100_000;
const TRIM_EVERY = 1000;
const MAX_USER_LENGTH = 320;

export interface AccessFilter {
  readonly user?: string;
  /** Only older ones: the `id` of the last one of the page before. */
  readonly before?: number;
  readonly limit: number;
}

/** Who came in, or was turned away. Nothing secret is in it. */
export class AccessLog {
  readonly #add;
  readonly #trim;
  readonly #page;
  readonly #pageOfUser;
  readonly #latestGranted;

  constructor(connection: Connection) {
    this.#add = connection.prepare<[number, Route, string, string, string]>(
      'INSERT INTO access_log (at, route, user, address, result) VALUES (?, ?, ?, ?, ?)',
    );
    this.#trim = connection.prepare<[number]>('DELETE FROM access_log WHERE id <= ?');
    this.#page = connection.prepare<[number, number], AccessRow>('SELECT * FROM access_log WHERE id < ? ORDER BY id DESC LIMIT ?');
    this.#pageOfUser = connection.prepare<[string, number, number], AccessRow>(
      'SELECT * FROM access_log WHERE user = ? COLLATE NOCASE AND id < ? ORDER BY id DESC LIMIT ?',
    );
    this.#latestGranted = connection
      .prepare<[string], number>("SELECT at FROM access_log WHERE user = ? COLLATE NOCASE AND result = 'ok' ORDER BY id DESC LIMIT 1")
      .pluck();
  }

  add({ at, route, user, address, result }: Access): void {
    const id = Number(this.#add.run(at.getTime(), route, user.slice(0, MAX_USER_LENGTH), address, result).lastInsertRowid);
    if (id % TRIM_EVERY === 0) this.#trim.run(id - MAX_ROWS);
  }

  /** Null if the account never came in, or its entries are gone. */
  latestGranted(user: string): Date | null {
    const at = this.#latestGranted.get(user);
    return at === undefined ? null : new Date(at);
  }

  /** The newest first. */
  page({ user, before = Number.MAX_SAFE_INTEGER, limit }: AccessFilter): (Access & { readonly id: number })[] {
    const rows = user === undefined ? this.#page.all(before, limit) : this.#pageOfUser.all(user, before, limit);
    return rows.map((row) => ({ ...row, at: new Date(row.at) }));
  }
}

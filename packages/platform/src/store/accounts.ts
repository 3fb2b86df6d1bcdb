import { createHash, randomBytes } from 'node:crypto';
import type { Connection } from './database.ts';

export interface Account {
  readonly id: number;
  /** The whole address (SPEC A8). */
  readonly user: string;
  /** Mail can be moved in only when true (SPEC U6). */
  readonly setUp: boolean;
  /** Null means unlimited. */
  readonly quotaBytes: number | null;
}

interface AccountRow {
  readonly id: number;
  readonly user: string;
  readonly password_hash: string;
  readonly set_up: number;
  readonly quota_bytes: number | null;
}

export interface AccountSettings {
  readonly user: string;
  readonly passwordHash: string;
  readonly setUp: boolean;
  readonly quotaBytes: number | null;
}

const SESSION_MS = 24 * 60 * 60 * 1000;

const toAccount = (row: AccountRow): Account => ({ id: row.id, user: row.user, setUp: row.set_up === 1, quotaBytes: row.quota_bytes });

const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex');

/** Accounts and the log-ins of the HTTP API. */
export class Accounts {
  readonly #byUser;
  readonly #byLocalPart;
  readonly #byToken;
  readonly #save;
  readonly #addSession;
  readonly #dropSessions;
  readonly #usage;
  readonly #now: () => Date;

  constructor(connection: Connection, now: () => Date) {
    this.#now = now;
    this.#byUser = connection.prepare<[string], AccountRow>('SELECT * FROM accounts WHERE user = ?');
    this.#byLocalPart = connection.prepare<[string], AccountRow>(
      "SELECT * FROM accounts WHERE substr(user, 1, instr(user, '@') - 1) = ? COLLATE NOCASE LIMIT 2",
    );
    this.#byToken = connection.prepare<[string, number], AccountRow>(
      `SELECT accounts.* FROM http_sessions JOIN accounts ON accounts.id = account_id WHERE token_sha256 = ? AND expires_at > ?`,
    );
    this.#save = connection.prepare<[string, string, number, number | null]>(
      `INSERT INTO accounts (user, password_hash, set_up, quota_bytes) VALUES (?, ?, ?, ?)
       ON CONFLICT (user) DO UPDATE SET password_hash = excluded.password_hash, set_up = excluded.set_up, quota_bytes = excluded.quota_bytes`,
    );
    this.#addSession = connection.prepare<[string, number, number]>('INSERT INTO http_sessions VALUES (?, ?, ?)');
    this.#dropSessions = connection.prepare<[number]>('DELETE FROM http_sessions WHERE expires_at <= ?');
    this.#usage = connection.prepare<[number], { bytes: number; messages: number }>(
      `SELECT ifnull(sum(size_bytes), 0) AS bytes, ifnull(sum(message_count), 0) AS messages FROM mailboxes WHERE account_id = ?`,
    );
  }

  find(user: string): Account | null {
    const row = this.#byUser.get(user);
    return row ? toAccount(row) : null;
  }

  /** With the hash of its password, for a log-in. A local part does where only one account has it, if `allowLocalPart` (SPEC A8). */
  findForLogIn(user: string, allowLocalPart: boolean): { account: Account; passwordHash: string } | null {
    const rows = allowLocalPart && !user.includes('@') ? this.#byLocalPart.all(user) : this.#byUser.all(user);
    const [row, another] = rows;
    return row && !another ? { account: toAccount(row), passwordHash: row.password_hash } : null;
  }

  /** Makes the account, or gives an existing one these settings. */
  save({ user, passwordHash, setUp, quotaBytes }: AccountSettings): void {
    this.#save.run(user, passwordHash, setUp ? 1 : 0, quotaBytes);
  }

  usage(accountId: number): { bytes: number; messages: number } {
    return this.#usage.get(accountId) ?? { bytes: 0, messages: 0 };
  }

  openSession(accountId: number): { token: string; expiresAt: Date } {
    const now = this.#now().getTime();
    const token = randomBytes(32).toString('base64url');
    this.#dropSessions.run(now);
    this.#addSession.run(hashToken(token), accountId, now + SESSION_MS);
    return { token, expiresAt: new Date(now + SESSION_MS) };
  }

  findBySession(token: string): Account | null {
    const row = this.#byToken.get(hashToken(token), this.#now().getTime());
    return row ? toAccount(row) : null;
  }
}

import { createHash, randomBytes } from 'node:crypto';
import type { Connection } from './database.ts';

export const ROLES = ['user', 'admin', 'super-admin'] as const;
export type Role = (typeof ROLES)[number];

/** What can be changed about an account, the password aside. */
export interface AccountSettings {
  /** The person's, for display; may be empty. */
  readonly name: string;
  readonly role: Role;
  /** Mail can be moved in only when true (SPEC U6). */
  readonly setUp: boolean;
  /** Null means unlimited. */
  readonly quotaBytes: number | null;
  /** Service off: log-ins are refused, mail is kept (SPEC A6). */
  readonly suspended: boolean;
  /** False refuses POP3, IMAP and SMTP (SPEC P10). */
  readonly mailClients: boolean;
  /** The user's own switch, which counts while the office's is on (SPEC P2). */
  readonly pop3Smtp: boolean;
  /** On the exception list, which counts while the office's switch is off (SPEC P3). */
  readonly pop3SmtpException: boolean;
  /** Temporary block of web log-ins (SPEC A11). */
  readonly webBlockedUntil: Date | null;
  readonly departmentId: number | null;
  readonly rank: string;
}

/** Of an account of which nothing else is said. */
export const NEW_ACCOUNT_SETTINGS: AccountSettings = {
  name: '',
  role: 'user',
  setUp: true,
  quotaBytes: null,
  suspended: false,
  mailClients: true,
  pop3Smtp: true,
  pop3SmtpException: false,
  webBlockedUntil: null,
  departmentId: null,
  rank: '',
};

export interface Account extends AccountSettings {
  readonly id: number;
  /** The whole address (SPEC A8). */
  readonly user: string;
  /** Two-step verification is on (SPEC M4). */
  readonly hasOneTimeCode: boolean;
  readonly createdAt: Date;
}

/** What a log-in is compared with. */
export interface AccountSecrets {
  readonly passwordHash: string;
  /** Base32; null without two-step verification. */
  readonly oneTimeSecret: string | null;
}

interface AccountRow {
  readonly id: number;
  readonly user: string;
  readonly name: string;
  readonly password_hash: string;
  readonly role: Role;
  readonly set_up: number;
  readonly quota_bytes: number | null;
  readonly suspended: number;
  readonly mail_clients: number;
  readonly pop3_smtp: number;
  readonly pop3_smtp_exception: number;
  readonly one_time_secret: string | null;
  readonly web_blocked_until: number | null;
  readonly department_id: number | null;
  readonly rank: string;
  readonly created_at: number;
}

const SESSION_MS = 24 * 60 * 60 * 1000;

const toAccount = (row: AccountRow): Account => ({
  id: row.id,
  user: row.user,
  name: row.name,
  role: row.role,
  setUp: row.set_up === 1,
  quotaBytes: row.quota_bytes,
  suspended: row.suspended === 1,
  mailClients: row.mail_clients === 1,
  pop3Smtp: row.pop3_smtp === 1,
  pop3SmtpException: row.pop3_smtp_exception === 1,
  hasOneTimeCode: row.one_time_secret !== null,
  webBlockedUntil: row.web_blocked_until === null ? null : new Date(row.web_blocked_until),
  departmentId: row.department_id,
  rank: row.rank,
  createdAt: new Date(row.created_at),
});

const toColumns = (settings: AccountSettings) => ({
  name: settings.name,
  role: settings.role,
  setUp: Number(settings.setUp),
  quotaBytes: settings.quotaBytes,
  suspended: Number(settings.suspended),
  mailClients: Number(settings.mailClients),
  pop3Smtp: Number(settings.pop3Smtp),
  pop3SmtpException: Number(settings.pop3SmtpException),
  webBlockedUntil: settings.webBlockedUntil?.getTime() ?? null,
  departmentId: settings.departmentId,
  rank: settings.rank,
});

const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex');

/** Accounts and the log-ins of the HTTP API. */
export class Accounts {
  readonly #byUser;
  readonly #byId;
  readonly #byLocalPart;
  readonly #byToken;
  readonly #all;
  readonly #insert;
  readonly #update;
  readonly #setPassword;
  readonly #setOneTimeSecret;
  readonly #useCode;
  readonly #forgetCodes;
  readonly #delete;
  readonly #addSession;
  readonly #dropExpired;
  readonly #dropSession;
  readonly #dropSessionsOf;
  readonly #usage;
  readonly #now: () => Date;

  constructor(connection: Connection, now: () => Date) {
    this.#now = now;
    this.#byUser = connection.prepare<[string], AccountRow>('SELECT * FROM accounts WHERE user = ?');
    this.#byId = connection.prepare<[number], AccountRow>('SELECT * FROM accounts WHERE id = ?');
    this.#byLocalPart = connection.prepare<[string], AccountRow>(
      "SELECT * FROM accounts WHERE substr(user, 1, instr(user, '@') - 1) = ? COLLATE NOCASE LIMIT 2",
    );
    this.#byToken = connection.prepare<[string, number], AccountRow>(
      'SELECT accounts.* FROM http_sessions JOIN accounts ON accounts.id = account_id WHERE token_sha256 = ? AND expires_at > ?',
    );
    this.#all = connection.prepare<[], AccountRow>('SELECT * FROM accounts ORDER BY user');
    this.#insert = connection.prepare<[string, string, number], { id: number }>(
      'INSERT INTO accounts (user, password_hash, created_at) VALUES (?, ?, ?) RETURNING id',
    );
    this.#update = connection.prepare<[ReturnType<typeof toColumns> & { id: number }]>(
      `UPDATE accounts SET name = @name, role = @role, set_up = @setUp, quota_bytes = @quotaBytes, suspended = @suspended,
         mail_clients = @mailClients, pop3_smtp = @pop3Smtp, pop3_smtp_exception = @pop3SmtpException,
         web_blocked_until = @webBlockedUntil, department_id = @departmentId, rank = @rank WHERE id = @id`,
    );
    this.#setPassword = connection.prepare<[string, number]>('UPDATE accounts SET password_hash = ? WHERE id = ?');
    this.#setOneTimeSecret = connection.prepare<[string | null, number]>('UPDATE accounts SET one_time_secret = ? WHERE id = ?');
    this.#useCode = connection.prepare<[number, number]>('INSERT OR IGNORE INTO used_one_time_codes VALUES (?, ?)');
    this.#forgetCodes = connection.prepare<[number, number]>('DELETE FROM used_one_time_codes WHERE account_id = ? AND counter < ?');
    this.#delete = connection.prepare<[number]>('DELETE FROM accounts WHERE id = ?');
    this.#addSession = connection.prepare<[string, number, number]>('INSERT INTO http_sessions VALUES (?, ?, ?)');
    this.#dropExpired = connection.prepare<[number]>('DELETE FROM http_sessions WHERE expires_at <= ?');
    this.#dropSession = connection.prepare<[string]>('DELETE FROM http_sessions WHERE token_sha256 = ?');
    this.#dropSessionsOf = connection.prepare<[number]>('DELETE FROM http_sessions WHERE account_id = ?');
    this.#usage = connection.prepare<[number], { bytes: number; messages: number }>(
      `SELECT ifnull(sum(size_bytes), 0) AS bytes, ifnull(sum(message_count), 0) AS messages FROM mailboxes WHERE account_id = ?`,
    );
  }

  find(user: string): Account | null {
    const row = this.#byUser.get(user);
    return row ? toAccount(row) : null;
  }

  byId(id: number): Account | null {
    const row = this.#byId.get(id);
    return row ? toAccount(row) : null;
  }

  /** By address. */
  list(): Account[] {
    return this.#all.all().map(toAccount);
  }

  /** With its secrets, for a log-in. A local part does where only one account has it, if `allowLocalPart` (SPEC A8). */
  findForLogIn(user: string, allowLocalPart: boolean): (AccountSecrets & { readonly account: Account }) | null {
    const rows = allowLocalPart && !user.includes('@') ? this.#byLocalPart.all(user) : this.#byUser.all(user);
    const [row, another] = rows;
    return row && !another ? { account: toAccount(row), passwordHash: row.password_hash, oneTimeSecret: row.one_time_secret } : null;
  }

  /** The address must be free. Gives the id. */
  add(user: string, passwordHash: string, settings: AccountSettings): number {
    const row = this.#insert.get(user, passwordHash, this.#now().getTime());
    if (!row) throw new Error('INSERT gave no row back');
    this.update(row.id, settings);
    return row.id;
  }

  update(id: number, settings: AccountSettings): void {
    this.#update.run({ id, ...toColumns(settings) });
  }

  /** Web sessions that were opened with the old one end. */
  setPassword(id: number, passwordHash: string): void {
    this.#setPassword.run(passwordHash, id);
    this.#dropSessionsOf.run(id);
  }

  /** Base32, or null to switch two-step verification off. */
  setOneTimeSecret(id: number, secret: string | null): void {
    this.#setOneTimeSecret.run(secret, id);
  }

  /** Notes the code of that time step (of 30 seconds since 1970). False if it was used before. */
  useOneTimeCode(id: number, counter: number): boolean {
    this.#forgetCodes.run(id, counter - 10);
    return this.#useCode.run(id, counter).changes === 1;
  }

  /** Its mailboxes have to be empty or gone. */
  delete(id: number): void {
    this.#delete.run(id);
  }

  usage(accountId: number): { bytes: number; messages: number } {
    return this.#usage.get(accountId) ?? { bytes: 0, messages: 0 };
  }

  /** `lifeMs` defaults to 24 hours. */
  openSession(accountId: number, lifeMs: number = SESSION_MS): { token: string; expiresAt: Date } {
    const now = this.#now().getTime();
    const token = randomBytes(32).toString('base64url');
    this.#dropExpired.run(now);
    this.#addSession.run(hashToken(token), accountId, now + lifeMs);
    return { token, expiresAt: new Date(now + lifeMs) };
  }

  findBySession(token: string): Account | null {
    const row = this.#byToken.get(hashToken(token), this.#now().getTime());
    return row ? toAccount(row) : null;
  }

  closeSession(token: string): void {
    this.#dropSession.run(hashToken(token));
  }
}

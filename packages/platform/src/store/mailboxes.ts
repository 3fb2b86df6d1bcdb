import type { SpecialUse } from '@mailferry/core/mail';
import { PlatformError } from '../platform-error.ts';
import type { Connection } from './database.ts';
import { isBelow, pathsAbove, storedPath } from './mailbox-path.ts';
import type { Messages } from './messages.ts';
import type { WriteScope } from './write-scope.ts';

export interface StoredMailbox {
  readonly id: number;
  readonly accountId: number;
  readonly path: string;
  readonly specialUse: SpecialUse | null;
  /** False for a name that only holds children. */
  readonly selectable: boolean;
  readonly uidValidity: number;
  readonly uidNext: number;
  /** UIDs from here on are `\Recent` to the next session that selects the mailbox. */
  readonly recentFrom: number;
  readonly messageCount: number;
  readonly unseenCount: number;
  readonly sizeBytes: number;
  /** Of the latest change to a message, RFC 7162 §3.1.2. At least 1. */
  readonly highestModseq: number;
}

interface MailboxRow {
  readonly id: number;
  readonly account_id: number;
  readonly path: string;
  readonly special_use: SpecialUse | null;
  readonly selectable: number;
  readonly uid_validity: number;
  readonly uid_next: number;
  readonly recent_from: number;
  readonly message_count: number;
  readonly unseen_count: number;
  readonly size_bytes: number;
  readonly highest_modseq: number;
}

/** Of one account: LIST goes through all of them. */
const MAX_MAILBOXES = 10_000;

const STANDARD_MAILBOXES: readonly (readonly [path: string, specialUse: SpecialUse | null])[] = [
  ['INBOX', null],
  ['Sent', '\\Sent'],
  ['Drafts', '\\Drafts'],
  ['Trash', '\\Trash'],
  ['Junk', '\\Junk'],
];

const toMailbox = (row: MailboxRow): StoredMailbox => ({
  id: row.id,
  accountId: row.account_id,
  path: row.path,
  specialUse: row.special_use,
  selectable: row.selectable === 1,
  uidValidity: row.uid_validity,
  uidNext: row.uid_next,
  recentFrom: row.recent_from,
  messageCount: row.message_count,
  unseenCount: row.unseen_count,
  sizeBytes: row.size_bytes,
  highestModseq: row.highest_modseq,
});

/** The mailboxes of all accounts and their subscriptions. Paths may be given as a client wrote them. */
export class Mailboxes {
  readonly #writes: WriteScope;
  readonly #messages: Messages;
  readonly #now: () => Date;
  readonly #byId;
  readonly #byPath;
  readonly #ofAccount;
  readonly #count;
  readonly #firstBelow;
  readonly #insert;
  readonly #nextValidity;
  readonly #setSelectable;
  readonly #setPath;
  readonly #setRecentFrom;
  readonly #delete;
  readonly #subscribe;
  readonly #unsubscribe;
  readonly #subscriptions;

  constructor(connection: Connection, writes: WriteScope, messages: Messages, now: () => Date) {
    this.#writes = writes;
    this.#messages = messages;
    this.#now = now;
    this.#byId = connection.prepare<[number], MailboxRow>('SELECT * FROM mailboxes WHERE id = ?');
    this.#byPath = connection.prepare<[number, string], MailboxRow>('SELECT * FROM mailboxes WHERE account_id = ? AND path = ?');
    this.#ofAccount = connection.prepare<[number], MailboxRow>('SELECT * FROM mailboxes WHERE account_id = ? ORDER BY path');
    this.#count = connection.prepare<[number], number>('SELECT count(*) FROM mailboxes WHERE account_id = ?').pluck();
    // '0' is what follows the delimiter in ASCII.
    this.#firstBelow = connection
      .prepare<[number, string, string], number>(
        "SELECT id FROM mailboxes WHERE account_id = ? AND path > ? || '/' AND path < ? || '0' LIMIT 1",
      )
      .pluck();
    this.#insert = connection.prepare<[number, string, SpecialUse | null, number], MailboxRow>(
      'INSERT INTO mailboxes (account_id, path, special_use, uid_validity) VALUES (?, ?, ?, ?) RETURNING *',
    );
    this.#nextValidity = connection.prepare<[number], { value: number }>(
      "UPDATE counters SET value = max(value + 1, ?) WHERE name = 'uid_validity' RETURNING value",
    );
    this.#setSelectable = connection.prepare<[number, number, number]>(
      'UPDATE mailboxes SET selectable = ?, uid_validity = ? WHERE id = ?',
    );
    this.#setPath = connection.prepare<[string, number, number]>('UPDATE mailboxes SET path = ?, uid_validity = ? WHERE id = ?');
    this.#setRecentFrom = connection.prepare<[number]>('UPDATE mailboxes SET recent_from = uid_next WHERE id = ?');
    this.#delete = connection.prepare<[number]>('DELETE FROM mailboxes WHERE id = ?');
    this.#subscribe = connection.prepare<[number, string]>('INSERT OR IGNORE INTO subscriptions VALUES (?, ?)');
    this.#unsubscribe = connection.prepare<[number, string]>('DELETE FROM subscriptions WHERE account_id = ? AND path = ?');
    this.#subscriptions = connection.prepare<[number], { path: string }>(
      'SELECT path FROM subscriptions WHERE account_id = ? ORDER BY path',
    );
  }

  byId(id: number): StoredMailbox | null {
    const row = this.#byId.get(id);
    return row ? toMailbox(row) : null;
  }

  find(accountId: number, path: string): StoredMailbox | null {
    const row = this.#byPath.get(accountId, storedPath(path));
    return row ? toMailbox(row) : null;
  }

  /** A mailbox that holds messages. @throws PlatformError `mailbox-missing`, `mailbox-name-invalid` */
  open(accountId: number, path: string): StoredMailbox {
    const mailbox = this.find(accountId, path);
    if (!mailbox?.selectable) throw new PlatformError('mailbox-missing', 'There is no such mailbox');
    return mailbox;
  }

  /** All of an account, by path. */
  list(accountId: number): StoredMailbox[] {
    return this.#ofAccount.all(accountId).map(toMailbox);
  }

  /** Makes the mailboxes that every new account has. */
  createStandard(accountId: number): void {
    this.#writes.run(() => {
      for (const [path, specialUse] of STANDARD_MAILBOXES) {
        this.#add(accountId, path, specialUse);
        this.subscribe(accountId, path);
      }
    });
  }

  /** Destroys all mailboxes of an account with their messages. */
  deleteAllOf(accountId: number): void {
    this.#writes.run(() => {
      for (const { id } of this.list(accountId)) {
        this.#messages.deleteAll(id);
        this.#delete.run(id);
      }
    });
  }

  /** Makes the mailbox and those above it. @throws PlatformError `mailbox-exists`, `mailbox-name-invalid`, `mailbox-limit` */
  create(accountId: number, path: string, specialUse: SpecialUse | null = null): StoredMailbox {
    const stored = storedPath(path);
    return this.#writes.run(() => {
      const existing = this.find(accountId, stored);
      if (existing?.selectable) throw new PlatformError('mailbox-exists', 'There is a mailbox of that name already');
      if (existing) return this.#revive(existing);
      this.#createAbove(accountId, stored);
      return this.#add(accountId, stored, specialUse);
    });
  }

  /**
   * Deletes the mailbox with its messages. One with children stays as a name only, RFC 3501 §6.3.4.
   * @throws PlatformError `mailbox-missing`, `mailbox-protected`
   */
  delete(accountId: number, path: string): void {
    this.#writes.run(() => {
      const mailbox = this.find(accountId, path);
      if (!mailbox) throw new PlatformError('mailbox-missing', 'There is no such mailbox');
      if (mailbox.path === 'INBOX') throw new PlatformError('mailbox-protected', "INBOX can't be deleted");
      const hasChildren = this.#hasChildren(mailbox);
      if (hasChildren && !mailbox.selectable) throw new PlatformError('mailbox-protected', 'There are mailboxes below it');
      this.#messages.deleteAll(mailbox.id);
      if (hasChildren) this.#setSelectable.run(0, mailbox.uidValidity, mailbox.id);
      else this.#deleteWithEmptyParents(mailbox);
    });
  }

  /**
   * Renames the mailbox and those below it; each gets a new UIDVALIDITY, as its new name may have been another's. INBOX gives its messages to a new mailbox and stays, RFC 3501 §6.3.5.
   * @throws PlatformError `mailbox-missing`, `mailbox-exists`, `mailbox-name-invalid`, `mailbox-limit`
   */
  rename(accountId: number, from: string, to: string): void {
    const target = storedPath(to);
    this.#writes.run(() => {
      const mailbox = this.find(accountId, from);
      if (!mailbox) throw new PlatformError('mailbox-missing', 'There is no such mailbox');
      if (this.find(accountId, target)) throw new PlatformError('mailbox-exists', 'There is a mailbox of that name already');
      if (isBelow(target, mailbox.path)) throw new PlatformError('mailbox-name-invalid', "A mailbox can't move below itself");
      if (mailbox.path === 'INBOX') {
        this.#messages.moveAll(mailbox.id, this.create(accountId, target).id);
        return;
      }
      this.#createAbove(accountId, target);
      for (const moved of this.list(accountId).filter(({ path }) => path === mailbox.path || isBelow(path, mailbox.path))) {
        this.#setPath.run(storedPath(target + moved.path.slice(mailbox.path.length)), this.#takeValidity(), moved.id);
      }
    });
  }

  /** The UIDs from the result on are `\Recent` to the caller, and to nobody else afterwards. RFC 3501 §2.3.2. */
  takeRecent(id: number): number {
    const mailbox = this.byId(id);
    if (!mailbox) return 0;
    if (mailbox.recentFrom < mailbox.uidNext) this.#setRecentFrom.run(id);
    return mailbox.recentFrom;
  }

  /** Gives the mailbox a new UIDVALIDITY. */
  renewUidValidity(id: number): number {
    const uidValidity = this.#takeValidity();
    this.#setSelectable.run(1, uidValidity, id);
    return uidValidity;
  }

  /** The name need not exist. @throws PlatformError `mailbox-name-invalid`, `mailbox-limit` */
  subscribe(accountId: number, path: string): void {
    if (this.subscriptions(accountId).length >= 2 * MAX_MAILBOXES) {
      throw new PlatformError('mailbox-limit', `An account can subscribe to ${2 * MAX_MAILBOXES} mailboxes`);
    }
    this.#subscribe.run(accountId, storedPath(path));
  }

  unsubscribe(accountId: number, path: string): void {
    this.#unsubscribe.run(accountId, storedPath(path));
  }

  subscriptions(accountId: number): string[] {
    return this.#subscriptions.all(accountId).map(({ path }) => path);
  }

  #add(accountId: number, path: string, specialUse: SpecialUse | null): StoredMailbox {
    if ((this.#count.get(accountId) ?? 0) >= MAX_MAILBOXES) {
      throw new PlatformError('mailbox-limit', `An account can have ${MAX_MAILBOXES} mailboxes`);
    }
    const row = this.#insert.get(accountId, path, specialUse, this.#takeValidity());
    if (!row) throw new Error('INSERT gave no row back');
    return toMailbox(row);
  }

  /** A name that only held children becomes a mailbox with a new UIDVALIDITY. */
  #revive(mailbox: StoredMailbox): StoredMailbox {
    return { ...mailbox, selectable: true, uidValidity: this.renewUidValidity(mailbox.id) };
  }

  #createAbove(accountId: number, path: string): void {
    for (const above of pathsAbove(path)) {
      if (!this.find(accountId, above)) this.#add(accountId, above, null);
    }
  }

  /** Grows, and never gives a value twice: a mailbox made anew never has an old one's UIDVALIDITY. */
  #takeValidity(): number {
    const row = this.#nextValidity.get(Math.floor(this.#now().getTime() / 1000));
    if (!row) throw new Error('the UIDVALIDITY counter is gone');
    return row.value;
  }

  #hasChildren(mailbox: StoredMailbox): boolean {
    return this.#firstBelow.get(mailbox.accountId, mailbox.path, mailbox.path) !== undefined;
  }

  #deleteWithEmptyParents(mailbox: StoredMailbox): void {
    this.#delete.run(mailbox.id);
    const parentPath = pathsAbove(mailbox.path).at(-1);
    const parent = parentPath === undefined ? null : this.find(mailbox.accountId, parentPath);
    if (parent && !parent.selectable && !this.#hasChildren(parent)) this.#deleteWithEmptyParents(parent);
  }
}

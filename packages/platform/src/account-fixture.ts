import type { SpecialUse } from '@mailferry/core/mail';
import { PlatformError } from './platform-error.ts';
import type { Store } from './store/store.ts';

export interface FixtureMailbox {
  readonly path: string;
  readonly specialUse: SpecialUse | null;
  readonly uidValidity: number;
  readonly messageCount: number;
  readonly sizeBytes: number;
}

export interface FixtureMessage {
  readonly uid: number;
  /** Without `\Recent`. */
  readonly flags: readonly string[];
  /** To the second. */
  readonly internalDate: Date;
  readonly sizeBytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
  /** The message as it was stored. */
  read(): Buffer;
}

/** A message to put into a mailbox. */
export interface NewFixtureMessage {
  readonly bytes: Buffer;
  readonly flags?: readonly string[];
  /** Default: now. */
  readonly internalDate?: Date;
}

/** An account as a test sees it: straight at the store, durable on return, told to open IMAP sessions. */
export interface AccountFixture {
  /** Makes the mailbox and those above it. @throws PlatformError `mailbox-exists`, `mailbox-name-invalid` */
  addMailbox(path: string, options?: { readonly specialUse?: SpecialUse }): FixtureMailbox;
  /** Gives the UID. @throws PlatformError `mailbox-missing`, `message-empty`, `over-quota`, `flag-invalid` */
  append(mailboxPath: string, bytes: Buffer, options?: Omit<NewFixtureMessage, 'bytes'>): number;
  /** Gives the UIDs; all of them or none, which is far faster than one by one. @throws as `append` */
  appendAll(mailboxPath: string, messages: Iterable<NewFixtureMessage>): number[];
  /** Takes messages away by their UIDs, whatever their flags. @throws PlatformError `mailbox-missing` */
  expunge(mailboxPath: string, uids: readonly number[]): void;
  /** By path. */
  listMailboxes(): FixtureMailbox[];
  /** By UID. @throws PlatformError `mailbox-missing` */
  messages(mailboxPath: string): Iterable<FixtureMessage>;
}

const PAGE = 500;

function* readMessages(store: Store, mailboxId: number): Generator<FixtureMessage, void, undefined> {
  let after = 0;
  for (;;) {
    const page = store.messages.page(mailboxId, after, PAGE);
    for (const { uid, flags, internalDate, sizeBytes, sha256, bodyId } of page) {
      yield {
        uid,
        flags,
        internalDate,
        sizeBytes,
        sha256,
        read: () => Buffer.concat([...store.messages.bodies.read(bodyId, 0, sizeBytes)]),
      };
      after = uid;
    }
    if (page.length < PAGE) return;
  }
}

/** @throws PlatformError `account-unknown` */
export const openAccountFixture = (store: Store, user: string, now: () => Date): AccountFixture => {
  const account = store.accounts.find(user);
  if (!account) throw new PlatformError('account-unknown', 'There is no such account');
  const append = (path: string, { bytes, flags = [], internalDate = now() }: NewFixtureMessage): number =>
    store.messages.append(store.mailboxes.open(account.id, path).id, { bytes, flags, internalDate }).uid;
  return {
    addMailbox: (path, { specialUse } = {}) => {
      const mailbox = store.mailboxes.create(account.id, path, specialUse ?? null);
      store.mailboxes.subscribe(account.id, path);
      return mailbox;
    },
    append: (path, bytes, options = {}) => append(path, { bytes, ...options }),
    appendAll: (path, messages) => store.writes.run(() => Array.from(messages, (message) => append(path, message))),
    expunge: (path, uids) => store.messages.expunge(store.mailboxes.open(account.id, path).id, uids),
    listMailboxes: () => store.mailboxes.list(account.id).filter(({ selectable }) => selectable),
    messages: (path) => readMessages(store, store.mailboxes.open(account.id, path).id),
  };
};

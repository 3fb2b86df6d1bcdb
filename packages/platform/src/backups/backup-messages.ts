import { PlatformError } from '../platform-error.ts';
import type { Backup } from '../store/backups.ts';
import type { StoredMailbox } from '../store/mailboxes.ts';
import type { MessageContent } from '../store/message-periods.ts';
import type { Store } from '../store/store.ts';
import type { WallClock } from '../wall-clock.ts';
import { periodOf } from './backup-period.ts';
import { EntryNames } from './entry-names.ts';
import type { ZipEntry } from './zip-of.ts';

const MAX_HEADER_BYTES = 64 * 1024;

interface MailboxMessages {
  readonly path: string;
  readonly messages: readonly MessageContent[];
}

/** Messages that stay readable, whatever happens to them, until they are released. */
export interface HeldMessages {
  /** By mailbox path and UID. */
  readonly entries: Iterable<ZipEntry>;
  readonly count: number;
  readonly sizeBytes: number;
  release(): void;
}

const mailboxesOf = (store: Store, { accountId, mailbox }: Backup): StoredMailbox[] => {
  const all = store.mailboxes.list(accountId).filter(({ selectable }) => selectable);
  if (!mailbox) return all;
  const wanted = all.find(({ id }) => id === mailbox.id);
  if (!wanted) throw new PlatformError('mailbox-missing', 'The mailbox was deleted');
  return [wanted];
};

function* entriesOf(store: Store, clock: WallClock, mailboxes: readonly MailboxMessages[]): Generator<ZipEntry, void, undefined> {
  const { bodies } = store.messages;
  const names = new EntryNames(clock);
  for (const { path, messages } of mailboxes) {
    for (const { bodyId, internalDate, sizeBytes } of messages) {
      const header = Buffer.concat([...bodies.read(bodyId, 0, Math.min(sizeBytes, MAX_HEADER_BYTES))]);
      yield {
        name: names.next(path, internalDate, header),
        date: internalDate,
        sizeBytes,
        read: () => bodies.read(bodyId, 0, sizeBytes),
      };
    }
  }
}

/** Of whole mailboxes, or of parts of them. */
export const holdMessages = (store: Store, clock: WallClock, mailboxes: readonly MailboxMessages[]): HeldMessages => {
  const all = mailboxes.flatMap(({ messages }) => messages);
  return {
    entries: entriesOf(store, clock, mailboxes),
    count: all.length,
    sizeBytes: all.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    release: store.messages.bodies.hold(all.map(({ bodyId }) => bodyId)),
  };
};

/** The messages that are in the period of a backup now. @throws PlatformError `mailbox-missing` */
export const holdBackupMessages = (store: Store, clock: WallClock, backup: Backup): HeldMessages => {
  const period = periodOf({ from: backup.fromDay, to: backup.toDay }, clock);
  const mailboxes = mailboxesOf(store, backup).map(({ id, path }) => ({ path, messages: store.periods.contents(id, period) }));
  return holdMessages(store, clock, mailboxes);
};

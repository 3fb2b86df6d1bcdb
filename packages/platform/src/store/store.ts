import { AccessLog } from './access-log.ts';
import { Accounts } from './accounts.ts';
import { Backups } from './backups.ts';
import { Changes } from './changes.ts';
import { Contacts } from './contacts.ts';
import { openDatabase } from './database.ts';
import { Directory } from './directory.ts';
import { ExternalFetches } from './external-fetches.ts';
import { MailboxCopies } from './mailbox-copies.ts';
import { Mailboxes } from './mailboxes.ts';
import { type MessageGate, OPEN_GATE } from './message-gate.ts';
import { MessagePeriods } from './message-periods.ts';
import { Messages } from './messages.ts';
import { Migrations } from './migrations.ts';
import { Settings } from './settings.ts';
import { Snapshots } from './snapshots.ts';
import { Uploads } from './uploads.ts';
import { WriteScope } from './write-scope.ts';

/** Everything that the platform keeps. What a call has written is on the disk when it returns. */
export interface Store {
  readonly settings: Settings;
  readonly accounts: Accounts;
  readonly directory: Directory;
  readonly accessLog: AccessLog;
  readonly mailboxes: Mailboxes;
  readonly messages: Messages;
  readonly periods: MessagePeriods;
  readonly uploads: Uploads;
  readonly backups: Backups;
  readonly mailboxCopies: MailboxCopies;
  readonly externalFetches: ExternalFetches;
  readonly contacts: Contacts;
  readonly migrations: Migrations;
  readonly changes: Changes;
  readonly writes: WriteScope;
  readonly snapshots: Snapshots;
  close(): void;
}

/**
 * Opens `platform.db` in the directory, or a store in memory without one.
 * @throws PlatformError `directory-in-use`, `directory-unreadable`
 */
export const openStore = (directory: string | null, now: () => Date, gate: MessageGate = OPEN_GATE): Store => {
  const connection = openDatabase(directory);
  const changes = new Changes();
  const writes = new WriteScope(connection, changes);
  const messages = new Messages(connection, writes, gate);
  messages.bodies.sweep();
  return {
    settings: new Settings(connection),
    accounts: new Accounts(connection, now),
    directory: new Directory(connection),
    accessLog: new AccessLog(connection),
    mailboxes: new Mailboxes(connection, writes, messages, now),
    messages,
    periods: new MessagePeriods(connection),
    uploads: new Uploads(connection, writes, now),
    backups: new Backups(connection, writes, now),
    mailboxCopies: new MailboxCopies(connection, writes, now),
    externalFetches: new ExternalFetches(connection, writes, now),
    contacts: new Contacts(connection, writes),
    migrations: new Migrations(connection, writes, now),
    changes,
    writes,
    snapshots: new Snapshots(connection, messages.bodies),
    close: () => {
      connection.close();
    },
  };
};

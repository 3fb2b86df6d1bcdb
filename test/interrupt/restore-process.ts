/** One restore in a process of its own, which dies where it is told to. Prints how often it got to each kind of point, and its report. */
import { Socket } from 'node:net';
import { ArchiveReader } from '@mailferry/core/archive';
import { restore } from '@mailferry/core/operations';
import { openImapTarget } from '@mailferry/core/target';
import Database from 'better-sqlite3';

/** Around the `at`-th commit of the journal, or right after so many writes to the server. */
export interface RestoreKillPoint {
  readonly moment: 'before-commit' | 'after-commit' | 'after-write';
  /** The first one is 1; 0 for never. */
  readonly at: number;
}

export interface RestoreTask {
  readonly url: string;
  readonly password: string;
  readonly directory: string;
  readonly journalDirectory: string;
  readonly kill: RestoreKillPoint;
}

const task = JSON.parse(process.argv[2] ?? '') as RestoreTask;
const counts = { 'before-commit': 0, 'after-commit': 0, 'after-write': 0 };
const pass = (moment: RestoreKillPoint['moment']): void => {
  counts[moment] += 1;
  if (task.kill.moment === moment && counts[moment] === task.kill.at) process.kill(process.pid, 'SIGKILL');
};

const { transaction } = Database.prototype;
Database.prototype.transaction = function (this: Database.Database, work: (...args: unknown[]) => unknown) {
  const run = Reflect.apply(transaction, this, [work]);
  return (...args: unknown[]) => {
    pass('before-commit');
    const result = run(...args);
    pass('after-commit');
    return result;
  };
} as typeof transaction;
const { write } = Socket.prototype;
Socket.prototype.write = function (this: Socket, ...args: unknown[]) {
  const isTaken = Reflect.apply(write, this, args) as boolean;
  pass('after-write');
  return isTaken;
} as typeof write;

const { signal } = new AbortController();
const target = openImapTarget({
  url: task.url,
  credential: { kind: 'password', password: task.password },
  allowInsecure: true,
});
const reader = await ArchiveReader.open({ directory: task.directory, signal });
const { mailboxes, failed } = await restore({
  ...{ reader, directory: task.directory, journalDirectory: task.journalDirectory, target, signal },
});
await target.close();
process.stdout.write(JSON.stringify({ counts, mailboxes, failed }));

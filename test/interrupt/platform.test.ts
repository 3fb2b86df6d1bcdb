import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { type AccountFixture, type PlatformOptions, startPlatform } from '@mailferry/platform';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const KIM = { user: 'kim@example.com', password: 'pw' };
const POP = { user: 'pop@example.com', password: 'pw' };
const PROCESS = join(import.meta.dirname, 'platform-process.ts');
/** Kills on one directory, one after the other (five times as many with `INTERRUPT_ALL=1`). */
const ROUNDS = process.env.INTERRUPT_ALL ? 25 : 5;
/** Traffic goes on for that long at most before the kill. */
const LONGEST_MS = 600;

let directory: string;
const options = (): PlatformOptions => ({
  directory,
  accounts: [KIM, POP],
  policy: { pop3Smtp: true, messagesPerDay: 1_000_000 },
  failedLogInMs: 0,
});

/** One connection, line by line; `read` throws when the server is gone. */
class Lines {
  readonly #socket: Socket;
  readonly #lines: AsyncIterator<string>;
  readonly #reader: Interface;

  constructor(port: number) {
    this.#socket = connect(port, '127.0.0.1');
    this.#socket.on('error', () => {});
    this.#reader = createInterface(this.#socket);
    this.#lines = this.#reader[Symbol.asyncIterator]();
  }

  send(text: string): void {
    this.#socket.write(text);
  }

  /** The first line that matches. */
  async read(pattern: RegExp): Promise<string> {
    for (;;) {
      const { value, done } = await this.#lines.next();
      if (done) throw new Error('the server is gone');
      if (pattern.test(value)) return value;
    }
  }

  async ask(text: string, pattern: RegExp): Promise<string> {
    this.send(`${text}\r\n`);
    return this.read(pattern);
  }

  close(): void {
    this.#reader.close();
    this.#socket.destroy();
  }
}

/** What clients began and what they were told is done, over all rounds. */
const begun = { smtp: new Set<string>(), append: new Set<string>(), deleted: new Set<string>() };
const done = { smtp: new Set<string>(), append: new Set<string>(), deleted: new Set<string>() };
let counter = 0;

const message = (id: string): string => `Subject: ${id}\r\nMessage-ID: <${id}@example.com>\r\n\r\n${id.repeat(50)}\r\n`;

const submit = async (port: number): Promise<void> => {
  const smtp = new Lines(port);
  await smtp.read(/^220/);
  await smtp.ask('EHLO test', /^250 /);
  await smtp.ask(`AUTH PLAIN ${Buffer.from(`\0${KIM.user}\0${KIM.password}`).toString('base64')}`, /^235/);
  for (;;) {
    counter += 1;
    const id = `s${counter}`;
    await smtp.ask(`MAIL FROM:<${KIM.user}>`, /^250/);
    await smtp.ask(`RCPT TO:<${KIM.user}>`, /^250/);
    await smtp.ask('DATA', /^354/);
    begun.smtp.add(id);
    await smtp.ask(`${message(id)}.`, /^250/);
    done.smtp.add(id);
  }
};

const append = async (port: number): Promise<void> => {
  const imap = new Lines(port);
  await imap.ask(`a LOGIN ${KIM.user} ${KIM.password}`, /^a OK/);
  for (;;) {
    counter += 1;
    const id = `a${counter}`;
    const text = message(id);
    begun.append.add(id);
    await imap.ask(`b APPEND Sent {${text.length}+}\r\n${text}`, /^b OK/);
    done.append.add(id);
  }
};

/** To and fro between two mailboxes, and flags on the way. */
const move = async (port: number): Promise<void> => {
  const imap = new Lines(port);
  await imap.ask(`a LOGIN ${KIM.user} ${KIM.password}`, /^a OK/);
  for (;;) {
    for (const [from, to] of [
      ['Drafts', 'Junk'],
      ['Junk', 'Drafts'],
    ]) {
      await imap.ask(`b SELECT ${from}`, /^b OK/);
      await imap.ask('c STORE 1:* +FLAGS.SILENT (\\Flagged)', /^c (OK|BAD)/);
      await imap.ask(`d MOVE 1:* ${to}`, /^d (OK|BAD)/);
    }
  }
};

/** Deletes the first message of each session. */
const popDelete = async (port: number): Promise<void> => {
  for (;;) {
    const pop = new Lines(port);
    await pop.read(/^\+OK/);
    await pop.ask(`USER ${POP.user}`, /^\+OK/);
    await pop.ask(`PASS ${POP.password}`, /^\+OK/);
    const isThere = (await pop.ask('TOP 1 0', /^(Subject|-ERR)/)).startsWith('Subject: ');
    if (!isThere) return pop.close();
    const id = (await pop.ask('RETR 1', /^Subject: /)).slice('Subject: '.length);
    await pop.read(/^\.$/);
    await pop.ask('DELE 1', /^\+OK/);
    begun.deleted.add(id);
    await pop.ask('QUIT', /^\+OK/);
    done.deleted.add(id);
    pop.close();
  }
};

const startChild = async (): Promise<{ child: ChildProcess; ports: Record<'imapPort' | 'pop3Port' | 'smtpPort', number> }> => {
  const child = spawn(process.execPath, [PROCESS, JSON.stringify(options())], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { child, ports: JSON.parse(line) };
};

const round = async (): Promise<void> => {
  const { child, ports } = await startChild();
  const gone = () => {};
  const traffic = [submit(ports.smtpPort), append(ports.imapPort), move(ports.imapPort), popDelete(ports.pop3Port)].map((one) =>
    one.catch(gone),
  );
  await sleep(50 + Math.random() * LONGEST_MS);
  child.kill('SIGKILL');
  await once(child, 'exit');
  await Promise.all(traffic);
};

const subjects = (account: AccountFixture, mailbox: string): string[] =>
  Array.from(account.messages(mailbox), (one) => /^Subject: (.*)\r$/m.exec(one.read().toString())?.[1] ?? '');

/** Every id that was acknowledged is there once, every other that was begun at most once, and nothing else. */
const expectOnce = (found: readonly string[], acknowledged: ReadonlySet<string>, all: ReadonlySet<string>): void => {
  expect(new Set(found).size).toBe(found.length);
  expect([...acknowledged].filter((id) => !found.includes(id))).toEqual([]);
  expect(found.filter((id) => !all.has(id))).toEqual([]);
};

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'mailferry-platform-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe('a platform that is killed in the middle of deliveries', () => {
  it('has what it acknowledged, once, and what it moved in one place', { timeout: 300_000 }, async () => {
    const initial = await startPlatform(options());
    const moved = Array.from({ length: 20 }, (_, n) => `m${n}`);
    const popped = Array.from({ length: 2000 }, (_, n) => `p${n}`);
    initial.account(KIM.user).appendAll(
      'Drafts',
      moved.map((id) => ({ bytes: Buffer.from(message(id)) })),
    );
    initial.account(POP.user).appendAll(
      'INBOX',
      popped.map((id) => ({ bytes: Buffer.from(message(id)) })),
    );
    await initial.stop();

    for (let count = 1; count <= ROUNDS; count += 1) {
      await round();
      const platform = await startPlatform(options());
      try {
        const kim = platform.account(KIM.user);
        expectOnce(subjects(kim, 'INBOX'), done.smtp, begun.smtp);
        expectOnce(subjects(kim, 'Sent'), done.append, begun.append);
        expect([...subjects(kim, 'Drafts'), ...subjects(kim, 'Junk')].toSorted()).toEqual(moved.toSorted());
        const left = subjects(platform.account(POP.user), 'INBOX');
        expect(left.filter((id) => done.deleted.has(id))).toEqual([]);
        expect(popped.filter((id) => !left.includes(id) && !begun.deleted.has(id))).toEqual([]);
        for (const { path, messageCount, sizeBytes } of kim.listMailboxes()) {
          const messages = [...kim.messages(path)];
          expect([messageCount, sizeBytes]).toEqual([messages.length, messages.reduce((sum, one) => sum + one.sizeBytes, 0)]);
        }
      } finally {
        await platform.stop();
      }
    }
    // The kills met traffic of every kind.
    for (const kind of ['smtp', 'append', 'deleted'] as const) expect(done[kind].size).toBeGreaterThan(ROUNDS);
  });
});

/**
 * The hosting platform with 100,000 messages in a mailbox beside Dovecot, by a client that only reads the socket: SELECT,
 * FETCH and SEARCH; and how long the platform takes from its start to ready, in a test and as a command.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { hasDovecot, startDovecot } from '../../test/fixtures/dovecot.ts';
import { ImapWire } from './mail/imap-wire.ts';
import { CLI_PROGRAM } from './measure/bench-run.ts';

const USER = 'bench@example.com';
const PASSWORD = 'pass';
const BATCH = 200;
const START_RUNS = 5;
const COMMANDS = [
  'SELECT INBOX',
  'FETCH 1:* (FLAGS UID)',
  'FETCH 1:* (UID FLAGS INTERNALDATE RFC822.SIZE)',
  'FETCH 1:* (ENVELOPE)',
  'FETCH 1:* (BODYSTRUCTURE)',
  'FETCH 1:* (BODY.PEEK[HEADER.FIELDS (FROM SUBJECT)])',
  'FETCH 1:* (BODY.PEEK[])',
  'SEARCH UNSEEN',
  'SEARCH SINCE 1-Jan-2020',
  'SEARCH SUBJECT 99999',
  'SEARCH BODY 99999',
];

interface RunningPlatform extends AsyncDisposable {
  readonly imapPort: number;
  readonly readyMs: number;
}

/** As a process of its own, on a free port, with its data in `directory`. */
const startPlatform = async (directory: string): Promise<RunningPlatform> => {
  const began = performance.now();
  const child = spawn(process.execPath, [CLI_PROGRAM, 'platform', 'serve', '--account', USER, '--data', directory, '--json'], {
    env: { ...process.env, MAILFERRY_PLATFORM_PASSWORD: PASSWORD },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface(child.stdout)) {
    const imapPort = /"imapPort": (\d+)/.exec(line)?.[1];
    if (imapPort === undefined) continue;
    const readyMs = performance.now() - began;
    child.stdout.resume();
    const stop = async (): Promise<void> => {
      child.kill();
      await once(child, 'exit');
    };
    return { imapPort: Number(imapPort), readyMs, [Symbol.asyncDispose]: stop };
  }
  throw new Error('the platform did not start');
};

const message = (number: number): string =>
  `From: user${number % 400}@example.co.kr\r\nTo: kim@example.com\r\nSubject: message ${number}\r\nMessage-ID: <${number}@bench.example.com>\r\n` +
  `Date: Thu, 1 Jan 2026 09:00:00 +0900\r\n\r\n${`line ${number} of a small message\r\n`.repeat(10)}`;

/** By RFC 3502, many in one command. Gives the seconds that it took. */
const fill = async (port: number, messageCount: number): Promise<number> => {
  await using wire = await ImapWire.logIn(port, USER, PASSWORD);
  const began = performance.now();
  for (let start = 1; start <= messageCount; start += BATCH) {
    const numbers = Array.from({ length: Math.min(BATCH, messageCount - start + 1) }, (_, index) => start + index);
    const literals = numbers.map((number) => message(number)).map((text) => ` (\\Seen) {${text.length}+}\r\n${text}`);
    await wire.command(`APPEND INBOX${literals.join('')}`);
  }
  return (performance.now() - began) / 1000;
};

/** Seconds for each command, the fastest of the runs. */
const measure = async (port: number, messageCount: number, runs: number): Promise<number[]> => {
  const fastest = COMMANDS.map(() => Number.POSITIVE_INFINITY);
  for (let run = 0; run <= runs; run += 1) {
    await using wire = await ImapWire.logIn(port, USER, PASSWORD);
    for (const [index, command] of COMMANDS.entries()) {
      const began = performance.now();
      const { fetched } = await wire.command(command);
      const seconds = (performance.now() - began) / 1000;
      if (command.startsWith('FETCH') && fetched !== messageCount) throw new Error(`${command} gave ${fetched} messages`);
      if (run > 0) fastest[index] = Math.min(fastest[index] ?? seconds, seconds);
    }
  }
  return fastest;
};

const startUpMs = async (directory: string): Promise<number> => {
  const times: number[] = [];
  for (let run = 0; run < START_RUNS; run += 1) {
    await using platform = await startPlatform(directory);
    times.push(platform.readyMs);
  }
  return Math.min(...times);
};

/** As a test starts it: from the start of its process to ready, with one account in memory. */
const IN_A_TEST = `
import { startPlatform } from '${new URL('../../packages/platform/dist/public/platform.js', import.meta.url).href}';
const platform = await startPlatform({ accounts: [{ user: '${USER}', password: '${PASSWORD}' }] });
console.log(performance.now());
await platform.stop();
`;

const startUpInATestMs = (): number => {
  const options = { cwd: import.meta.dirname, encoding: 'utf8' } as const;
  const run = (): number => Number(execFileSync(process.execPath, ['--input-type=module', '-e', IN_A_TEST], options));
  return Math.min(...Array.from({ length: START_RUNS }, run));
};

const table = (messageCount: number, ours: readonly number[], theirs: readonly number[] | null): string => {
  const names = [`APPEND of ${messageCount}`, ...COMMANDS];
  const rows = names.map((name, index) => {
    const [seconds = 0, other] = [ours[index], theirs?.[index]];
    const peer = other === undefined ? ['', ''] : [other.toFixed(3), `${(other / seconds).toFixed(2)}x`];
    return `| ${[name, seconds.toFixed(3), index === 1 ? '' : Math.round(messageCount / seconds), ...peer].join(' | ')} |\n`;
  });
  return `| | platform s | messages/s | Dovecot s | ratio |\n| --- | ---: | ---: | ---: | ---: |\n${rows.join('')}`;
};

const { values } = parseArgs({ options: { messages: { type: 'string', default: '100000' }, runs: { type: 'string', default: '3' } } });
const [messageCount, runs] = [Number(values.messages), Number(values.runs)];
const inATestMs = startUpInATestMs();
const directory = await mkdtemp(join(tmpdir(), 'mailferry-bench-'));
try {
  const emptyMs = await startUpMs(join(directory, 'empty'));
  const full = join(directory, 'full');
  let ours: number[];
  {
    await using platform = await startPlatform(full);
    ours = [await fill(platform.imapPort, messageCount), ...(await measure(platform.imapPort, messageCount, runs))];
  }
  const fullMs = await startUpMs(full);
  let theirs: number[] | null = null;
  if (hasDovecot()) {
    await using dovecot = await startDovecot();
    dovecot.addAccount(USER, new Map([['INBOX', []]]));
    theirs = [await fill(dovecot.imapPort, messageCount), ...(await measure(dovecot.imapPort, messageCount, runs))];
  }
  process.stdout.write(
    `${table(messageCount, ours, theirs)}\nFrom start to ready: ${Math.round(inATestMs)} ms in a test; as a command ${Math.round(emptyMs)} ms empty, ${Math.round(fullMs)} ms full\n`,
  );
} finally {
  await rm(directory, { recursive: true });
}

/** A POP3 inbox to a verified ZIP archive: `mailferry backup` against mpop and Debian's programs, and with a delay on the line. */
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import type { Dovecot } from '../../test/fixtures/dovecot.ts';
import { startDelayProxy } from './mail/delay-proxy.ts';
import { contentLine } from './mail/mail-account.ts';
import { generateMail } from './mail/mail-profile.ts';
import { readArchive } from './measure/archive-contents.ts';
import { type BenchContext, CLI_PROGRAM, RSS_LIMIT_BYTES, runBench } from './measure/bench-run.ts';
import { type Contender, holdContest } from './measure/contest.ts';
import { measureCommand } from './measure/measure-command.ts';
import { standingsTable } from './measure/standings-table.ts';

const PEER = join(import.meta.dirname, 'peers/mpop-zip.sh');
const NODE_POP3 = join(import.meta.dirname, 'pop3-client.ts');
const ROUND_TRIP_MS = 20;

interface Inbox {
  readonly user: string;
  /** SHA-256 of every message, sorted. */
  readonly hashes: readonly string[];
}

let server: Dovecot | undefined;

const fillInbox = ({ account }: BenchContext, dovecot: Dovecot): Inbox => {
  const messages = [...generateMail(account.profile)].flatMap((mailbox) => mailbox.messages);
  const user = `pop3-${account.profile.name}`;
  dovecot.addAccount(user, new Map([['INBOX', messages]]));
  return { user, hashes: messages.map((bytes) => createHash('sha256').update(bytes).digest('hex')).toSorted() };
};

const inFreshDirectory = async <Result>(work: (directory: string) => Promise<Result>): Promise<Result> => {
  const directory = await mkdtemp(join(tmpdir(), 'mailferry-bench-'));
  try {
    return await work(directory);
  } finally {
    await rm(directory, { recursive: true });
  }
};

const composition = ({ account, checks, signal }: BenchContext, { user, hashes }: Inbox, port: number): Contender => ({
  name: 'mpop + sha256sum + zip -6 + 7zz x + sha256sum -c',
  run: () =>
    inFreshDirectory(async (directory) => {
      const measured = await measureCommand(['bash', PEER, String(port), user, account.password, directory], { signal });
      checks.expect('the peer backs up every message', Number(measured.stdout) === hashes.length, measured.stdout);
      return measured;
    }),
});

const mailferry = ({ account, checks, signal }: BenchContext, { user, hashes }: Inbox, port: number): Contender => ({
  name: 'mailferry backup',
  run: () =>
    inFreshDirectory(async (directory) => {
      const archive = join(directory, 'archive');
      const from = `pop3://${user}@127.0.0.1:${port}`;
      const command = [process.execPath, CLI_PROGRAM, 'backup', '--from', from, '--allow-insecure', '--out', archive];
      const measured = await measureCommand(command, { env: { MAILFERRY_FROM_PASSWORD: account.password }, signal });
      const contents = await readArchive(archive, join(directory, 'read'));
      const expected = hashes.map((sha256) => contentLine('INBOX', sha256));
      const isExact = contents.length === expected.length && contents.every((line, i) => line === expected[i]);
      checks.expect('every message is in the archive, byte for byte', isExact, `${contents.length} of ${expected.length}`);
      const { peakRssBytes } = measured.usage;
      checks.expect('peak RSS stays below 256 MB', peakRssBytes < RSS_LIMIT_BYTES, `${peakRssBytes} bytes`);
      return measured;
    }),
});

/** How much of the mail node-pop3 hands over as it is. */
const nodePop3 = ({ account, signal }: BenchContext, { user, hashes }: Inbox, port: number): Promise<string> =>
  inFreshDirectory(async (directory) => {
    const list = join(directory, 'hashes');
    await writeFile(list, `${hashes.join('\n')}\n`);
    const measured = await measureCommand([process.execPath, NODE_POP3, String(port), user, list], {
      env: { PULL_PASSWORD: account.password },
      signal,
    });
    return measured.stdout.trim();
  });

await runBench({
  programs: ['bash', 'perl', 'mpop', 'zip', '7zz', 'sha256sum'],
  prepare: (dovecot) => {
    server = dovecot;
  },
  measure: async (context) => {
    if (!server) throw new Error('no server');
    const { pop3Port } = server;
    const inbox = fillInbox(context, server);
    const contest = async (port: number): Promise<string> =>
      standingsTable(await holdContest([composition(context, inbox, port), mailferry(context, inbox, port)], context.runs, context.signal));
    const near = await contest(pop3Port);
    await using far = await startDelayProxy(pop3Port, ROUND_TRIP_MS);
    const delayed = await contest(far.port);
    const exact = await nodePop3(context, inbox, pop3Port);
    return `${near}\nWith ${ROUND_TRIP_MS} ms of round trip:\n\n${delayed}\nnode-pop3's RETR hands over as they are: ${exact} messages\n`;
  },
});

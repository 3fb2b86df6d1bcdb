/**
 * All mail of an account read on one connection: Mailferry's IMAP source, which throws it away, against imapflow's own `fetch`, and against
 * mbsync, which writes it into a Maildir; near, and with a delay on the line.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { startDelayProxy } from './mail/delay-proxy.ts';
import { offerCompression } from './mail/offer-compression.ts';
import { type BenchContext, RSS_LIMIT_BYTES, runBench } from './measure/bench-run.ts';
import { type Contender, holdContest } from './measure/contest.ts';
import { measureCommand } from './measure/measure-command.ts';
import { standingsTable } from './measure/standings-table.ts';

const CLIENT = join(import.meta.dirname, 'pull-client.ts');
const MBSYNC = join(import.meta.dirname, 'peers/mbsync-pull.sh');
const MAILFERRY = 'mailferry';
const OUR_NAME = 'Mailferry: list, then fetch';
const ROUND_TRIP_MS = 20;
const CLIENTS = [
  ['imapflow', "imapflow fetch('1:*'), COMPRESS off"],
  ['imapflow-compress', "imapflow fetch('1:*'), COMPRESS on (its default)"],
  [MAILFERRY, OUR_NAME],
] as const;

const contender = ({ account, checks, signal }: BenchContext, client: string, name: string, port = account.imapPort): Contender => ({
  name,
  run: async () => {
    const command = [process.execPath, CLIENT, client, String(port), account.user];
    const measured = await measureCommand(command, { env: { PULL_PASSWORD: account.password }, signal });
    const expected = `${account.messageCount} messages, ${account.sizeBytes} bytes\n`;
    checks.expect(`${name}: every message arrives`, measured.stdout === expected, measured.stdout);
    const { peakRssBytes } = measured.usage;
    if (client === MAILFERRY) checks.expect('peak RSS stays below 256 MB', peakRssBytes < RSS_LIMIT_BYTES, `${peakRssBytes} bytes`);
    return measured;
  },
});

const mbsync = ({ account, checks, signal }: BenchContext, port: number): Contender => ({
  name: 'mbsync, into a Maildir',
  run: async () => {
    const directory = await mkdtemp(join(tmpdir(), 'mailferry-bench-'));
    try {
      const measured = await measureCommand(['bash', MBSYNC, String(port), account.user, account.password, directory], { signal });
      checks.expect('mbsync: every message arrives', Number(measured.stdout) === account.messageCount, measured.stdout);
      return measured;
    } finally {
      await rm(directory, { recursive: true });
    }
  },
});

await runBench({
  programs: ['bash', 'mbsync'],
  prepare: offerCompression,
  measure: async (context) => {
    const contenders = CLIENTS.map(([client, name]) => contender(context, client, name));
    const near = standingsTable(await holdContest(contenders, context.runs, context.signal));
    const contest = async (port: number): Promise<string> => {
      const ours = contender(context, MAILFERRY, OUR_NAME, port);
      return standingsTable(await holdContest([mbsync(context, port), ours], context.runs, context.signal));
    };
    await using far = await startDelayProxy(context.account.imapPort, ROUND_TRIP_MS);
    const beside = await contest(context.account.imapPort);
    return `${near}\n${beside}\nWith ${ROUND_TRIP_MS} ms of round trip:\n\n${await contest(far.port)}`;
  },
});

/** All mail of an account read and thrown away, on one connection: Mailferry's IMAP source against imapflow's own `fetch`. */
import { join } from 'node:path';
import process from 'node:process';
import { offerCompression } from './mail/offer-compression.ts';
import { type BenchContext, RSS_LIMIT_BYTES, runBench } from './measure/bench-run.ts';
import { type Contender, holdContest } from './measure/contest.ts';
import { measureCommand } from './measure/measure-command.ts';
import { standingsTable } from './measure/standings-table.ts';

const CLIENT = join(import.meta.dirname, 'pull-client.ts');
const MAILFERRY = 'mailferry';
const CLIENTS = [
  ['imapflow', "imapflow fetch('1:*'), COMPRESS off"],
  ['imapflow-compress', "imapflow fetch('1:*'), COMPRESS on (its default)"],
  [MAILFERRY, 'Mailferry: list, then fetch'],
] as const;

const contender = ({ account, checks, signal }: BenchContext, client: string, name: string): Contender => ({
  name,
  run: async () => {
    const command = [process.execPath, CLIENT, client, String(account.imapPort), account.user];
    const measured = await measureCommand(command, { env: { PULL_PASSWORD: account.password }, signal });
    const expected = `${account.messageCount} messages, ${account.sizeBytes} bytes\n`;
    checks.expect(`${name}: every message arrives`, measured.stdout === expected, measured.stdout);
    const { peakRssBytes } = measured.usage;
    if (client === MAILFERRY) checks.expect('peak RSS stays below 256 MB', peakRssBytes < RSS_LIMIT_BYTES, `${peakRssBytes} bytes`);
    return measured;
  },
});

await runBench({
  programs: [],
  prepare: offerCompression,
  measure: async (context) => {
    const contenders = CLIENTS.map(([client, name]) => contender(context, client, name));
    return standingsTable(await holdContest(contenders, context.runs, context.signal));
  },
});

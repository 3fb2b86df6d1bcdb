/** An account to a verified ZIP archive: `mailferry backup` against what a user would put together from Debian's programs. */
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { readArchive } from './measure/archive-contents.ts';
import { type BenchContext, CLI_PROGRAM, RSS_LIMIT_BYTES, runBench } from './measure/bench-run.ts';
import { type Contender, holdContest } from './measure/contest.ts';
import { measureCommand } from './measure/measure-command.ts';
import { standingsTable } from './measure/standings-table.ts';

const PEER = join(import.meta.dirname, 'peers/mbsync-zip.sh');
const PEER_NAME = 'mbsync + sha256sum + zip -6 + 7zz x + sha256sum -c';
const OUR_NAME = 'mailferry backup';
const MB = 1_000_000;

interface BackupContext extends BenchContext {
  /** Bytes of the ZIPs that each contender made last. */
  readonly zipBytes: Map<string, number>;
}

const inFreshDirectory = async <Result>(work: (directory: string) => Promise<Result>): Promise<Result> => {
  const directory = await mkdtemp(join(tmpdir(), 'mailferry-bench-'));
  try {
    return await work(directory);
  } finally {
    await rm(directory, { recursive: true });
  }
};

const sumOfZips = async (directory: string): Promise<number> => {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.zip'));
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(directory, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
};

const composition = ({ account, checks, zipBytes, signal }: BackupContext): Contender => ({
  name: PEER_NAME,
  run: () =>
    inFreshDirectory(async (directory) => {
      const command = ['bash', PEER, String(account.imapPort), account.user, account.password, directory];
      const measured = await measureCommand(command, { signal });
      checks.expect('the peer backs up every message', Number(measured.stdout) === account.messageCount, measured.stdout);
      zipBytes.set(PEER_NAME, await sumOfZips(directory));
      return measured;
    }),
});

const mailferry = ({ account, checks, zipBytes, signal }: BackupContext): Contender => ({
  name: OUR_NAME,
  run: () =>
    inFreshDirectory(async (directory) => {
      const archive = join(directory, 'archive');
      const from = `imap://${account.user}@127.0.0.1:${account.imapPort}`;
      const command = [process.execPath, CLI_PROGRAM, 'backup', '--from', from, '--allow-insecure', '--out', archive];
      const measured = await measureCommand(command, { env: { MAILFERRY_FROM_PASSWORD: account.password }, signal });
      const contents = await readArchive(archive, join(directory, 'read'));
      const isExact = contents.length === account.contents.length && contents.every((line, i) => line === account.contents[i]);
      checks.expect('every message is in the archive, byte for byte', isExact, `${contents.length} of ${account.messageCount}`);
      const { peakRssBytes } = measured.usage;
      checks.expect('peak RSS stays below 256 MB', peakRssBytes < RSS_LIMIT_BYTES, `${peakRssBytes} bytes`);
      zipBytes.set(OUR_NAME, await sumOfZips(archive));
      return measured;
    }),
});

const measure = async (context: BenchContext): Promise<string> => {
  const zipBytes = new Map<string, number>();
  const contenders = [composition({ ...context, zipBytes }), mailferry({ ...context, zipBytes })];
  const standings = await holdContest(contenders, context.runs, context.signal);
  const sizes = Array.from(zipBytes.values(), (bytes) => (bytes / MB).toFixed(1));
  return `${standingsTable(standings)}\nZIP, in the same order: ${sizes.join(', ')} MB\n`;
};

await runBench({ programs: ['bash', 'perl', 'mbsync', 'zip', '7zz', 'sha256sum'], measure });

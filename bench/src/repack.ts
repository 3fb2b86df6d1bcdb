/** A big part into parts for uploads: `mailferry repack` against what a user would do with `unzip` and `zip`, and against copying entries with `zip -U`. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { generateMail, MIXED, MIXED_LARGE } from './mail/mail-profile.ts';
import { CLI_PROGRAM, RSS_LIMIT_BYTES } from './measure/bench-run.ts';
import { Checks } from './measure/checks.ts';
import { type Contender, holdContest } from './measure/contest.ts';
import { measureCommand } from './measure/measure-command.ts';
import { standingsTable } from './measure/standings-table.ts';

const PROGRAMS = ['time', 'zip', 'unzip'];
const EXIT_CANNOT_RUN = 2;
const MB = 1_000_000;
const UNPACK_AND_PACK = 'unzip -qq "$0" -d "$1/mail" && cd "$1/mail" && zip -q -6 -r "$1/out.zip" .';

const inFreshDirectory = async <Result>(work: (directory: string) => Promise<Result>): Promise<Result> => {
  const directory = await mkdtemp(join(tmpdir(), 'mailferry-bench-'));
  try {
    return await work(directory);
  } finally {
    await rm(directory, { recursive: true });
  }
};

const mailferry = (...args: string[]): string[] => [process.execPath, CLI_PROGRAM, ...args, '--quiet'];

const contenders = (archive: string, messageCount: number, checks: Checks, signal: AbortSignal): Contender[] => {
  const part = join(archive, 'part-0001.zip');
  const inFolder = (command: (directory: string) => string[]) => () =>
    inFreshDirectory((directory) => measureCommand(command(directory), { signal }));
  return [
    { name: 'unzip + zip -6', run: inFolder((directory) => ['sh', '-c', UNPACK_AND_PACK, part, directory]) },
    {
      name: 'zip -U: entries copied, nothing checked',
      run: inFolder((directory) => ['zip', '-q', '-U', part, '--out', join(directory, 'out.zip')]),
    },
    {
      name: 'mailferry repack: checked, recorded, read back',
      run: () =>
        inFreshDirectory(async (directory) => {
          const measured = await measureCommand(mailferry('repack', archive, '--out', join(directory, 'out'), '--json'), { signal });
          const { storedMessages, failed } = JSON.parse(measured.stdout);
          checks.expect(
            'every message comes over',
            storedMessages === messageCount && failed.length === 0,
            `${storedMessages} of ${messageCount}`,
          );
          const { peakRssBytes } = measured.usage;
          checks.expect('peak RSS stays below 256 MB', peakRssBytes < RSS_LIMIT_BYTES, `${peakRssBytes} bytes`);
          return measured;
        }),
    },
  ];
};

const main = async (runs: number, isLarge: boolean, signal: AbortSignal): Promise<number> => {
  const write = (text: string): void => void process.stdout.write(text);
  const checks = new Checks(write);
  const [cpu] = cpus();
  write(
    `${cpu?.model ?? 'unknown'}, ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}; ${runs} runs each after one that doesn't count\n`,
  );
  await inFreshDirectory(async (directory) => {
    const mail = join(directory, 'mail');
    mkdirSync(mail);
    let count = 0;
    let bytes = 0;
    for (const { messages } of generateMail(isLarge ? MIXED_LARGE : MIXED))
      for (const message of messages) {
        count += 1;
        bytes += message.length;
        writeFileSync(join(mail, `${String(count).padStart(6, '0')}.eml`), message);
      }
    const archive = join(directory, 'archive');
    await measureCommand(mailferry('backup', '--from', `eml:${mail}`, '--out', archive), { signal });
    write(`\n${count} messages, ${(bytes / MB).toFixed(1)} MB\n\n`);
    write(standingsTable(await holdContest(contenders(archive, count, checks, signal), runs, signal)));
  });
  write(`\n${checks.summary}`);
  return checks.failed === 0 ? 0 : 1;
};

const { values } = parseArgs({ options: { runs: { type: 'string', default: '3' }, large: { type: 'boolean', default: false } } });
const absent = PROGRAMS.filter((name) => spawnSync('sh', ['-c', 'command -v "$0"', name]).status !== 0);
if (absent.length > 0) {
  process.stderr.write(`Not on this machine: ${absent.join(', ')}. See docs/benchmarks.md.\n`);
  process.exitCode = EXIT_CANNOT_RUN;
} else {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort(new Error(`ended by ${name}`)));
  process.exitCode = await main(Number(values.runs), values.large, stop.signal);
}

/** ZIPs written and verified: our parts against `zip`, `7zz` and `unzip`, on the same mail in files. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { generateMail, type MailProfile, MIXED, MIXED_LARGE, SMALL } from './mail/mail-profile.ts';
import { Noise } from './mail/noise.ts';
import { CLI_PROGRAM, RSS_LIMIT_BYTES } from './measure/bench-run.ts';
import { Checks } from './measure/checks.ts';
import { type Contender, holdContest } from './measure/contest.ts';
import { type Measured, measureCommand } from './measure/measure-command.ts';
import { standingsTable } from './measure/standings-table.ts';

const PROGRAMS = ['time', 'zip', 'unzip', '7zz'];
const PROFILES = [MIXED, MIXED_LARGE, SMALL];
const EXIT_CANNOT_RUN = 2;
const MB = 1_000_000;
const WRITER = join(import.meta.dirname, 'zip-writer.ts');

interface Setting {
  /** A folder of .eml files. */
  readonly mail: string;
  readonly messageCount: number;
  /** Of the same mail; parts that are deflated. */
  readonly archive: string;
  /** The same sizes, of bytes that no method makes smaller: parts that are stored. */
  readonly storedArchive: string;
  readonly checks: Checks;
  readonly signal: AbortSignal;
}

const inFreshDirectory = async <Result>(work: (directory: string) => Promise<Result>): Promise<Result> => {
  const directory = await mkdtemp(join(tmpdir(), 'mailferry-bench-'));
  try {
    return await work(directory);
  } finally {
    await rm(directory, { recursive: true });
  }
};

const zipBytes = async (directory: string): Promise<number> => {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.zip') || name.endsWith('.zip.open'));
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(directory, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
};

const mailferry = (...args: string[]): string[] => [process.execPath, CLI_PROGRAM, ...args, '--quiet'];

const writers = ({ mail, checks, signal }: Setting, sizes: Map<string, number>): Contender[] => {
  const contender = (name: string, command: (directory: string) => string[]): Contender => ({
    name,
    run: () =>
      inFreshDirectory(async (directory) => {
        const measured = await measureCommand(command(directory), { signal });
        const bytes = await zipBytes(name.startsWith('mailferry backup') ? join(directory, 'archive') : directory);
        checks.expect(`${name} writes a ZIP`, bytes > 0, `${bytes} bytes`);
        sizes.set(name, bytes);
        return measured;
      }),
  });
  return [
    contender('zip -6', (directory) => ['sh', '-c', 'cd "$0" && zip -q -6 -r "$1" .', mail, join(directory, 'x.zip')]),
    contender('7zz -tzip -mx1', (directory) => [
      'sh',
      '-c',
      'cd "$0" && 7zz a -tzip -mx1 -bso0 -bsp0 "$1" .',
      mail,
      join(directory, 'x.zip'),
    ]),
    contender('Mailferry: the writing alone', (directory) => [process.execPath, '--no-warnings', WRITER, mail, directory]),
    contender('mailferry backup: hashed, recorded, read back', (directory) =>
      mailferry('backup', '--from', `eml:${mail}`, '--out', join(directory, 'archive')),
    ),
  ];
};

const verifiers = (archive: string, { messageCount, checks, signal }: Setting): Contender[] => {
  const part = join(archive, 'part-0001.zip');
  const run = (command: string[]) => (): Promise<Measured> => measureCommand(command, { signal });
  return [
    { name: 'unzip -t', run: run(['unzip', '-tqq', part]) },
    { name: '7zz t', run: run(['7zz', 't', '-bso0', '-bsp0', part]) },
    {
      name: 'mailferry verify: SHA-256 of part and messages too',
      run: async () => {
        const measured = await measureCommand(mailferry('verify', archive, '--json'), { signal });
        checks.expect('every message is looked at', JSON.parse(measured.stdout).entryCount === messageCount, measured.stdout);
        const { peakRssBytes } = measured.usage;
        checks.expect('peak RSS stays below 256 MB', peakRssBytes < RSS_LIMIT_BYTES, `${peakRssBytes} bytes`);
        return measured;
      },
    },
  ];
};

/** Writes the mail of a profile into files; `change` may put other bytes of the same length in their place. */
const writeMail = (
  folder: string,
  profile: MailProfile,
  change: (message: Buffer, id: string) => Buffer,
): { count: number; bytes: number } => {
  mkdirSync(folder);
  let count = 0;
  let bytes = 0;
  for (const { messages } of generateMail(profile)) {
    for (const message of messages) {
      count += 1;
      bytes += message.length;
      const id = String(count).padStart(6, '0');
      writeFileSync(join(folder, `${id}.eml`), change(message, id));
    }
  }
  return { count, bytes };
};

const noise = (message: Buffer, id: string): Buffer => {
  const head = Buffer.from(`Subject: ${id}\r\n\r\n`);
  return Buffer.concat([head, new Noise(id).bytes(Math.max(0, message.length - head.length))]);
};

const runProfile = async (profile: MailProfile, runs: number, checks: Checks, signal: AbortSignal): Promise<string> =>
  inFreshDirectory(async (directory) => {
    const [mail, random] = [join(directory, 'mail'), join(directory, 'random')];
    const { count: messageCount, bytes } = writeMail(mail, profile, (message) => message);
    writeMail(random, profile, noise);
    const setting = { mail, messageCount, archive: join(directory, 'archive'), storedArchive: join(directory, 'stored'), checks, signal };
    await measureCommand(mailferry('backup', '--from', `eml:${mail}`, '--out', setting.archive), { signal });
    await measureCommand(mailferry('backup', '--from', `eml:${random}`, '--out', setting.storedArchive), { signal });
    const sizes = new Map<string, number>();
    const written = standingsTable(await holdContest(writers(setting, sizes), runs, signal));
    const deflated = standingsTable(await holdContest(verifiers(setting.archive, setting), runs, signal));
    const stored = standingsTable(await holdContest(verifiers(setting.storedArchive, setting), runs, signal));
    return [
      `\n${profile.name}: ${messageCount} messages, ${(bytes / MB).toFixed(1)} MB\n`,
      `Write:\n\n${written}`,
      `ZIP, in the same order: ${[...sizes.values()].map((size) => (size / MB).toFixed(1)).join(', ')} MB\n`,
      `Verify, deflated (${((await zipBytes(setting.archive)) / MB).toFixed(1)} MB):\n\n${deflated}`,
      `Verify, stored (${((await zipBytes(setting.storedArchive)) / MB).toFixed(1)} MB):\n\n${stored}`,
    ].join('\n');
  });

const main = async (runs: number, profiles: readonly MailProfile[], signal: AbortSignal): Promise<number> => {
  const write = (text: string): void => void process.stdout.write(text);
  const checks = new Checks(write);
  const [cpu] = cpus();
  write(
    `${cpu?.model ?? 'unknown'}, ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}; ${runs} runs each after one that doesn't count\n`,
  );
  for (const profile of profiles) write(await runProfile(profile, runs, checks, signal));
  write(`\n${checks.summary}`);
  return checks.failed === 0 ? 0 : 1;
};

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '3' }, profile: { type: 'string', multiple: true, default: ['mixed', 'mixed-large'] } },
});
const absent = PROGRAMS.filter((name) => spawnSync('sh', ['-c', 'command -v "$0"', name]).status !== 0);
if (absent.length > 0) {
  process.stderr.write(`Not on this machine: ${absent.join(', ')}. See docs/benchmarks.md.\n`);
  process.exitCode = EXIT_CANNOT_RUN;
} else {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort(new Error(`ended by ${name}`)));
  process.exitCode = await main(
    Number(values.runs),
    PROFILES.filter(({ name }) => values.profile.includes(name)),
    stop.signal,
  );
}

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { type Dovecot, hasDovecot, startDovecot } from '../../../test/fixtures/dovecot.ts';
import { fillAccount, type MailAccount } from '../mail/mail-account.ts';
import { MIXED, MIXED_LARGE, SMALL } from '../mail/mail-profile.ts';
import { Checks } from './checks.ts';

const PROFILES = [MIXED, MIXED_LARGE, SMALL];
const CLI = join(import.meta.dirname, '../../../packages/cli');
const EXIT_CANNOT_RUN = 2;
const MB = 1_000_000;
/** No command of ours may take more memory than that. */
export const RSS_LIMIT_BYTES = 256 * MB;
export const CLI_PROGRAM = join(CLI, 'bin/mailferry.js');

export interface BenchContext {
  readonly account: MailAccount;
  /** Counted runs of each contender. */
  readonly runs: number;
  readonly checks: Checks;
  readonly signal: AbortSignal;
}

export interface Bench {
  /** Programs that have to be on this machine, besides Dovecot and GNU time. */
  readonly programs: readonly string[];
  /** Sets the server up, before there is mail on it. */
  readonly prepare?: (dovecot: Dovecot) => void;
  /** Measures one account and gives back what it found, as text. */
  readonly measure: (context: BenchContext) => Promise<string>;
}

const USAGE = `Options:
  --runs N          counted runs of each (3)
  --profile NAME    ${PROFILES.map(({ name }) => name).join(', ')}; may be repeated (mixed and small)
  --large           the same as --profile mixed-large
`;

const readArgs = (): { runs: number; profiles: typeof PROFILES } => {
  const { values } = parseArgs({
    options: { runs: { type: 'string', default: '3' }, profile: { type: 'string', multiple: true }, large: { type: 'boolean' } },
  });
  const names = values.large ? [MIXED_LARGE.name] : (values.profile ?? [MIXED.name, SMALL.name]);
  const profiles = PROFILES.filter(({ name }) => names.includes(name));
  const runs = Number(values.runs);
  if (profiles.length !== names.length || !Number.isInteger(runs) || runs < 1) throw new Error('unknown profile or number of runs');
  return { runs, profiles };
};

const missing = (programs: readonly string[]): string[] => [
  ...(hasDovecot() ? [] : ['dovecot']),
  ...['time', 'openssl', ...programs].filter((name) => spawnSync('sh', ['-c', 'command -v "$0"', name]).status !== 0),
  ...(existsSync(join(CLI, 'dist/main.js')) ? [] : ['the built packages (npm run build)']),
];

const run = async (bench: Bench, runs: number, profiles: typeof PROFILES, signal: AbortSignal): Promise<number> => {
  const write = (text: string): void => void process.stdout.write(text);
  const checks = new Checks(write);
  await using dovecot: Dovecot = await startDovecot();
  bench.prepare?.(dovecot);
  const [cpu] = cpus();
  write(
    `${cpu?.model ?? 'unknown'}, ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}; ${runs} runs each after one that doesn't count\n`,
  );
  for (const profile of profiles) {
    const account = fillAccount(dovecot, profile);
    write(`\n${profile.name}: ${account.messageCount} messages, ${(account.sizeBytes / MB).toFixed(1)} MB (${profile.description})\n\n`);
    write(await bench.measure({ account, runs, checks, signal }));
  }
  write(`\n${checks.summary}`);
  return checks.failed === 0 ? 0 : 1;
};

/** Runs a benchmark from the command line: exit 0 when all checks hold, 1 when not, 2 when it can't be run here. */
export const runBench = async (bench: Bench): Promise<void> => {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort(new Error(`ended by ${name}`)));
  let args: ReturnType<typeof readArgs>;
  try {
    args = readArgs();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n${USAGE}`);
    process.exitCode = EXIT_CANNOT_RUN;
    return;
  }
  const absent = missing(bench.programs);
  if (absent.length > 0) {
    process.stderr.write(`Not on this machine: ${absent.join(', ')}. See docs/benchmarks.md.\n`);
    process.exitCode = EXIT_CANNOT_RUN;
    return;
  }
  process.exitCode = await run(bench, args.runs, args.profiles, stop.signal);
};

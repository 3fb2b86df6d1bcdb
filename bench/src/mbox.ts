/**
 * An mbox to a verified ZIP archive, against what a user would put together from Debian's programs; an mbox read and thrown away, against
 * `git mailsplit` and Python; and with --big an mbox of 5 GB, for its peak of memory.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { openSource } from '@mailferry/core/source';
import { contentLine } from './mail/mail-account.ts';
import { generateMail, MIXED_LARGE } from './mail/mail-profile.ts';
import { readArchive } from './measure/archive-contents.ts';
import { CLI_PROGRAM, RSS_LIMIT_BYTES } from './measure/bench-run.ts';
import { Checks } from './measure/checks.ts';
import { type Contender, holdContest } from './measure/contest.ts';
import { type Measured, measureCommand } from './measure/measure-command.ts';
import { standingsTable } from './measure/standings-table.ts';

const PROGRAMS = ['time', 'git', 'perl', 'zip', '7zz', 'sha256sum', 'python3'];
const EXIT_CANNOT_RUN = 2;
const MB = 1_000_000;
const BIG_BYTES = 5_000 * MB;
const FROM_LINE = Buffer.from('From kim@example.com Mon Jan  5 12:00:01 2026\n');
/** Each message a file, checksums, ZIP, and read back: $1 is the mbox, $2 an empty directory. */
const COMPOSITION = `
set -euo pipefail
mkdir "$2/eml" "$2/check" "$2/sums"
git mailsplit --keep-cr -d8 -o"$2/eml" "$1" > /dev/null
cd "$2/eml"
perl -e 'rename $_, "$_.eml" or die for glob "*"'
find . -type f -print0 | SUMS="$2/sums" xargs -0 -P2 -n1000 sh -c 'sha256sum "$@" > "$SUMS/$$"' sh
cat "$2/sums"/* > MANIFEST.sha256
zip -q -6 -r "$2/backup.zip" .
cd "$2/check"
7zz x -bso0 -bsp0 "$2/backup.zip"
sha256sum --quiet -c MANIFEST.sha256
wc -l < MANIFEST.sha256
`;
const PYTHON = 'import mailbox, sys\nbox = mailbox.mbox(sys.argv[1])\nprint(sum(1 for key in box.iterkeys() if box.get_bytes(key)))';

interface Mbox {
  readonly path: string;
  readonly messageCount: number;
  readonly sizeBytes: number;
  /** Mailbox and SHA-256 of every message, as lines, sorted. */
  readonly contents: readonly string[];
}

interface Setting {
  readonly mbox: Mbox;
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

/** No line of the generated mail begins with `From `: nothing has to be quoted. */
function* mboxPieces(times: number, onMessage: (message: Buffer) => void): Iterable<Buffer> {
  for (let time = 0; time < times; time += 1) {
    for (const { messages } of generateMail(MIXED_LARGE)) {
      for (const message of messages) {
        onMessage(message);
        yield Buffer.concat([FROM_LINE, message, Buffer.from('\n')]);
      }
    }
  }
}

const writeMbox = async (directory: string, times: number): Promise<Mbox> => {
  const path = join(directory, 'mail.mbox');
  const contents: string[] = [];
  let messageCount = 0;
  const count = (message: Buffer): void => {
    messageCount += 1;
    if (times === 1) contents.push(contentLine('mail', createHash('sha256').update(message).digest('hex')));
  };
  await pipeline(Readable.from(mboxPieces(times, count)), createWriteStream(path));
  return { path, messageCount, sizeBytes: (await stat(path)).size, contents: contents.toSorted() };
};

/** `--read PATH`: what the contest runs as a program of its own. */
const readAndThrowAway = async (path: string): Promise<void> => {
  const { signal } = new AbortController();
  const source = openSource({ url: `mbox:${path}` });
  let messages = 0;
  for (const mailbox of await source.listMailboxes(signal)) {
    const listing = await source.listMessages(mailbox, { since: null, mayBeDelta: false, withDetails: false }, signal);
    for await (const outcome of source.fetch(mailbox, listing.uidValidity, [...listing.messages], signal)) {
      if (outcome.kind !== 'message') throw new Error(`a message is ${outcome.kind}`);
      const { body } = outcome.message;
      if (!Buffer.isBuffer(body)) for await (const _ of body);
      messages += 1;
    }
  }
  await source.close();
  process.stdout.write(`${messages}\n`);
};

const checked = async ({ mbox, checks }: Setting, name: string, run: () => Promise<Measured>): Promise<Measured> => {
  const measured = await run();
  const found = measured.stdout.trim();
  checks.expect(`${name}: every message is there`, Number(found) === mbox.messageCount, `${found} of ${mbox.messageCount}`);
  return measured;
};

const checkMemory = ({ checks }: Setting, { usage: { peakRssBytes } }: Measured): void =>
  checks.expect('peak RSS stays below 256 MB', peakRssBytes < RSS_LIMIT_BYTES, `${peakRssBytes} bytes`);

const backups = (setting: Setting): Contender[] => {
  const { mbox, checks, signal } = setting;
  const peer = 'git mailsplit + sha256sum + zip -6 + 7zz x + sha256sum -c';
  return [
    {
      name: peer,
      run: () =>
        inFreshDirectory((directory) =>
          checked(setting, peer, () => measureCommand(['bash', '-c', COMPOSITION, 'bash', mbox.path, directory], { signal })),
        ),
    },
    {
      name: 'mailferry backup',
      run: () =>
        inFreshDirectory(async (directory) => {
          const archive = join(directory, 'archive');
          const measured = await measureCommand(
            [process.execPath, CLI_PROGRAM, 'backup', '--from', `mbox:${mbox.path}`, '--out', archive],
            {
              signal,
            },
          );
          const contents = await readArchive(archive, join(directory, 'read'));
          const isExact = contents.length === mbox.contents.length && contents.every((line, i) => line === mbox.contents[i]);
          checks.expect('every message is in the archive, byte for byte', isExact, `${contents.length} of ${mbox.messageCount}`);
          checkMemory(setting, measured);
          return measured;
        }),
    },
  ];
};

const mailferryReading = (setting: Setting): Contender => ({
  name: 'Mailferry: list, then fetch',
  run: async () => {
    const command = [process.execPath, '--no-warnings', import.meta.filename, '--read', setting.mbox.path];
    const measured = await checked(setting, 'Mailferry', () => measureCommand(command, { signal: setting.signal }));
    checkMemory(setting, measured);
    return measured;
  },
});

const readings = (setting: Setting): Contender[] => {
  const { mbox, signal } = setting;
  const split = (directory: string): Promise<Measured> =>
    measureCommand(['git', 'mailsplit', '--keep-cr', '-d8', `-o${directory}`, mbox.path], { signal });
  return [
    {
      name: 'git mailsplit, into files',
      run: () => inFreshDirectory((directory) => checked(setting, 'git mailsplit', () => split(directory))),
    },
    {
      name: "Python's mailbox: get_bytes",
      run: () => checked(setting, 'Python', () => measureCommand(['python3', '-c', PYTHON, mbox.path], { signal })),
    },
    mailferryReading(setting),
  ];
};

const runBench = async (runs: number, isBig: boolean, signal: AbortSignal): Promise<number> => {
  const write = (text: string): void => void process.stdout.write(text);
  const checks = new Checks(write);
  const [cpu] = cpus();
  write(
    `${cpu?.model ?? 'unknown'}, ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}; ${runs} runs each after one that doesn't count\n`,
  );
  await inFreshDirectory(async (directory) => {
    const times = isBig ? Math.ceil(BIG_BYTES / (await writeMbox(directory, 1)).sizeBytes) : 1;
    const mbox = await writeMbox(directory, times);
    const setting = { mbox, checks, signal };
    write(`\n${mbox.messageCount} messages, ${(mbox.sizeBytes / MB).toFixed(1)} MB\n\n`);
    const contests = isBig ? [[mailferryReading(setting)]] : [readings(setting), backups(setting)];
    for (const contenders of contests) write(`${standingsTable(await holdContest(contenders, runs, signal))}\n`);
  });
  write(`\n${checks.summary}`);
  return checks.failed === 0 ? 0 : 1;
};

const { values } = parseArgs({
  options: { read: { type: 'string' }, runs: { type: 'string', default: '3' }, big: { type: 'boolean', default: false } },
});
const absent = PROGRAMS.filter((name) => spawnSync('sh', ['-c', 'command -v "$0"', name]).status !== 0);
if (values.read !== undefined) await readAndThrowAway(values.read);
else if (absent.length > 0) {
  process.stderr.write(`Not on this machine: ${absent.join(', ')}. See docs/benchmarks.md.\n`);
  process.exitCode = EXIT_CANNOT_RUN;
} else {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort(new Error(`ended by ${name}`)));
  process.exitCode = await runBench(Number(values.runs), values.big, stop.signal);
}

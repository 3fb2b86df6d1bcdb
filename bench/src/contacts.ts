/**
 * An address book of Outlook's 92 columns to Google Contacts, beside Python's csv.DictReader and csv.DictWriter with the same mapping:
 * time and memory. Both outputs are held against each other, cell by cell.
 */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { finished } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { CONTACT_FORMATS } from '@mailferry/core/contacts';
import { Noise } from './mail/noise.ts';
import { CLI_PROGRAM, RSS_LIMIT_BYTES } from './measure/bench-run.ts';
import { Checks } from './measure/checks.ts';
import { type Contender, holdContest } from './measure/contest.ts';
import { measureCommand } from './measure/measure-command.ts';
import { standingsTable } from './measure/standings-table.ts';

const MB = 1_000_000;
const PEER = join(import.meta.dirname, 'peers/outlook-to-google.py');
/** How many rows the bigger one of the two sizes has that memory is compared at. */
const SMALLER = 10;

/** Reads both files as Python does, and tells how many rows differ. */
const COMPARE = `
import csv, sys
a, b = (list(csv.DictReader(open(path, newline="", encoding="utf-8-sig"))) for path in sys.argv[1:])
print(len(a), len(b), sum(x != y for x, y in zip(a, b)))
`;

const SURNAMES = ['김', '이', '박', '최', '정', '강'] as const;
const GIVEN = ['민준', '서연', '도윤', '지우', '하준', '서현'] as const;
const COMPANIES = ['(주)한빛', 'Acme, Inc.', '대한물산', 'O\'Neil "Best" Ltd', '서울대학교'] as const;
const TITLES = ['과장', '대리', 'Manager'] as const;

const quoted = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

/** A row by the names of its columns; as an Outlook in Korea fills them. */
const rowOf = (number: number, noise: Noise): Readonly<Record<string, string>> => {
  const [phone, mobile] = [noise.between(1000, 9999), noise.between(1000, 9999)];
  const isMany = noise.fraction() < 0.3;
  const hasLines = noise.fraction() < 0.1;
  return {
    'First Name': noise.pick(GIVEN),
    'Last Name': noise.pick(SURNAMES),
    'Company': noise.pick(COMPANIES),
    'Department': isMany ? '영업 1팀' : 'R&D',
    'Job Title': noise.pick(TITLES),
    'Business Street': `테헤란로 ${noise.between(1, 500)}, ${noise.between(1, 40)}층`,
    'Business City': '강남구',
    'Business State': '서울특별시',
    'Business Postal Code': String(noise.between(1000, 63_999)).padStart(5, '0'),
    'Business Phone': `02-${phone}-${noise.between(1000, 9999)}`,
    'Mobile Phone': `010-${mobile}-${noise.between(1000, 9999)}`,
    'E-mail Address': `user${number}@example.co.kr`,
    'E-mail Type': 'SMTP',
    'E-mail 2 Address': noise.fraction() < 0.2 ? `u${number}@example.com` : '',
    'Birthday': `19${noise.between(50, 99)}-0${noise.between(1, 9)}-1${noise.between(0, 9)}`,
    'Notes': hasLines ? 'line one\r\nline "two", 끝' : '메모 '.repeat(noise.between(0, 6)).trim(),
    'Categories': isMany ? '업무;거래처' : '',
    'Priority': 'Normal',
    'Private': 'False',
    'Sensitivity': 'Normal',
  };
};

const writeBook = async (path: string, rows: number, headers: readonly string[]): Promise<void> => {
  const noise = new Noise('address book');
  const file = createWriteStream(path);
  file.write(`${headers.map(quoted).join(',')}\r\n`);
  for (let first = 0; first < rows; first += 1000) {
    const lines = Array.from({ length: Math.min(1000, rows - first) }, (_, index) => {
      const row = rowOf(first + index, noise);
      return `${headers.map((header) => quoted(row[header] ?? '')).join(',')}\r\n`;
    });
    if (!file.write(lines.join(''))) await once(file, 'drain');
  }
  await finished(file.end());
};

const convert = (book: string, out: string): string[] => [
  ...[process.execPath, CLI_PROGRAM, 'contacts', 'convert', book, '--to', 'google', '--out', out],
  ...['--overwrite', '--quiet', '--json'],
];

const contenders = (book: string, directory: string, checks: Checks, rows: number, signal: AbortSignal): Contender[] => [
  {
    name: 'python csv.DictReader, csv.DictWriter',
    run: () => measureCommand(['python3', PEER, book, join(directory, 'peer.csv')], { signal }),
  },
  {
    name: 'mailferry contacts convert: checked, read back',
    run: async () => {
      const measured = await measureCommand(convert(book, join(directory, 'ours.csv')), { signal });
      const { peakRssBytes } = measured.usage;
      checks.expect('every row is written', JSON.parse(measured.stdout).written === rows, measured.stdout.slice(0, 200));
      checks.expect('peak RSS stays below 256 MB', peakRssBytes < RSS_LIMIT_BYTES, `${peakRssBytes} bytes`);
      return measured;
    },
  },
];

const main = async (rows: number, runs: number, signal: AbortSignal): Promise<number> => {
  const write = (text: string): void => void process.stdout.write(text);
  const checks = new Checks(write);
  const [cpu] = cpus();
  write(
    `${cpu?.model ?? 'unknown'}, ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}; ${runs} runs each after one that doesn't count\n`,
  );
  const directory = await mkdtemp(join(tmpdir(), 'mailferry-bench-'));
  try {
    const headers = CONTACT_FORMATS.get('outlook-en')?.createWriter({ isRaw: true, withNationalId: true }).head.trim().split(',') ?? [];
    const [book, smaller] = [join(directory, 'outlook.csv'), join(directory, 'smaller.csv')];
    await writeBook(book, rows, headers);
    await writeBook(smaller, Math.ceil(rows / SMALLER), headers);
    write(`\n${rows} rows, ${((await stat(book)).size / MB).toFixed(1)} MB\n\n`);
    const standings = await holdContest(contenders(book, directory, checks, rows, signal), runs, signal);
    write(standingsTable(standings));
    for (const { name, median } of standings) write(`${name}: ${Math.round(rows / median.wallSeconds).toLocaleString('en')} rows/s\n`);
    const { usage } = await measureCommand(convert(smaller, join(directory, 'small.csv')), { signal });
    write(`peak RSS with a tenth of the rows: ${(usage.peakRssBytes / MB).toFixed(0)} MB\n`);
    const compared = execFileSync('python3', ['-c', COMPARE, join(directory, 'ours.csv'), join(directory, 'peer.csv')])
      .toString()
      .trim();
    checks.expect('both outputs are the same, cell by cell', compared === `${rows} ${rows} 0`, compared);
  } finally {
    await rm(directory, { recursive: true });
  }
  write(`\n${checks.summary}`);
  return checks.failed === 0 ? 0 : 1;
};

const { values } = parseArgs({
  options: { rows: { type: 'string', default: '1000000' }, runs: { type: 'string', default: '3' } },
});
const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort(new Error(`ended by ${name}`)));
process.exitCode = await main(Number(values.rows), Number(values.runs), stop.signal);

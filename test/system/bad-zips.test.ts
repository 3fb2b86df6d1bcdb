import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { isMailferryError } from '@mailferry/core/errors';
import { backup, checkZip, repack, repair, type ZipReport } from '@mailferry/core/operations';
import { openSource } from '@mailferry/core/source';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../fixtures/cli.ts';
import { hasFaultTools } from '../fixtures/faults.ts';
import { hasProgram, runProgram } from '../fixtures/programs.ts';

const MAKER = resolve(import.meta.dirname, '../../../shared/checks/bad-zips');
const CORPUS = resolve(import.meta.dirname, '../../../shared/corpus');
/** What entries with names that lead out of the folder are after. */
const BAIT = '/tmp/evil-zip';
/** Nobody can see it in the ZIP alone: mode bits that are never restored, and the content of a message. */
const UNSEEN = new Set(['setuid.zip', 'eml-not-mail.zip']);
/** What is odd about it is all that there is to read: entries of one name are told apart by their sums. */
const KEPT_APART = new Set(['dup-names.zip', 'file-and-dir.zip']);
/** Refused although a looser reader takes half of it: the messages of the ZIP in front would be left out. Repair takes both. */
const STRICTER = 'concat.zip';
/** 65,535 messages: through verify alone, for the time that the others take. */
const LONG = 'ok-many.zip';
const TIME_MS = 60_000;
const RSS_BYTES = 512 * 1024 * 1024;

interface Expected {
  readonly file: string;
  readonly verdict: string;
  readonly mails: number;
}

const isSound = ({ invalid, refused }: ZipReport): boolean =>
  invalid === null && refused.every(({ code }) => ['not-eml', 'resource-fork', 'empty'].includes(code));

/** The codes of refused entries, oddities, and what the whole is refused for. */
const told = ({ invalid, refused, oddities, accepted }: ZipReport): string[] => [
  ...(invalid === null ? [] : ['invalid']),
  ...refused.map(({ code }) => code),
  ...oddities,
  ...(accepted === 0 ? ['no message'] : []),
];

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [join(entry.parentPath, entry.name)] : [],
  );

describe.skipIf(!hasFaultTools() || !hasProgram('python3'))(
  'S35: ZIPs that are odd, broken or malicious (needs python3 and the fault tools)',
  () => {
    let directory: string;
    let cases: Expected[];

    beforeAll(async () => {
      directory = mkdtempSync(join(tmpdir(), 'mailferry-bad-zips-'));
      await runProgram('python3', [MAKER, join(directory, 'zips'), '--big']);
      cases = readFileSync(join(directory, 'zips', 'expected.tsv'), 'utf8')
        .trimEnd()
        .split('\n')
        .slice(1)
        .map((line) => line.split('\t'))
        .map(([file = '', verdict = '', , mails]) => ({ file, verdict, mails: Number(mails) || 0 }));
      expect(cases.length).toBeGreaterThan(80);
    }, 60_000);
    afterAll(() => rmSync(directory, { recursive: true, force: true }));

    const zip = (file: string): string => join(directory, 'zips', file);
    /** What an operation came to: its result, or the code of its typed error. Anything else is a failure. */
    const outcome = async <Result>(work: Promise<Result>): Promise<Result | string> => {
      try {
        return await work;
      } catch (error) {
        if (isMailferryError(error)) return error.code;
        throw error;
      }
    };

    it('each get the verdict that they deserve from verify', async () => {
      for (const { file, verdict, mails } of cases) {
        const report = await checkZip({ path: zip(file), signal: AbortSignal.timeout(TIME_MS) });
        const label = `${file} (${verdict}): ${JSON.stringify(told(report)).slice(0, 200)}`;
        if (verdict === 'accept') expect([isSound(report), report.accepted > 0], label).toEqual([true, true]);
        if (verdict === 'accept-warn' && !UNSEEN.has(file)) expect(told(report).length, label).toBeGreaterThan(0);
        if (verdict === 'accept-warn' && mails > 0 && file !== STRICTER) expect(report.invalid, label).toBeNull();
        // A file and a folder of one name: nothing is ever unpacked to names of the ZIP's.
        if ((verdict === 'reject' || verdict === 'password') && file !== 'file-and-dir.zip') expect(isSound(report), label).toBe(false);
        expect(existsSync(BAIT), label).toBe(false);
      }
    }, 120_000);

    it('lose nothing in silence on the way into an archive, and put nothing outside of it', async () => {
      for (const [i, { file, verdict, mails }] of cases.entries()) {
        if (file === LONG) continue;
        const out = join(directory, 'out', `backup-${i}`);
        const signal = AbortSignal.timeout(TIME_MS);
        const source = openSource({ url: `zip:${zip(file)}` });
        const result = await outcome(backup({ source, directory: out, signal }));
        await source.close();
        const label = `${file} (${verdict}): ${typeof result === 'string' ? result : `${result.storedMessages} stored, ${result.failed.length} failed`}`;
        if (verdict === 'accept') expect(result, label).toMatchObject({ failed: [] });
        if (verdict === 'accept' && typeof result !== 'string') expect(result.storedMessages, label).toBeGreaterThan(0);
        if (verdict === 'reject' && !KEPT_APART.has(file)) {
          const isTold = typeof result === 'string' || result.failed.length > 0 || result.notices.length > 0;
          expect(isTold, label).toBe(true);
        }
        if (KEPT_APART.has(file) && typeof result !== 'string')
          expect(result.storedMessages + result.failed.length, label).toBeGreaterThanOrEqual(mails);
        expect(existsSync(BAIT), label).toBe(false);
        rmSync(out, { recursive: true, force: true });
      }
      expect(filesBelow(directory).filter((path) => !path.startsWith(join(directory, 'zips')))).toEqual([]);
    }, 300_000);

    it('end repack and repair with a result or a typed error, in bounded time', async () => {
      for (const [i, { file, verdict }] of cases.entries()) {
        if (file === LONG) continue;
        const signal = AbortSignal.timeout(TIME_MS);
        const source = openSource({ url: `zip:${zip(file)}` });
        const [packed, repaired] = [join(directory, 'out', `repack-${i}`), join(directory, 'out', `repair-${i}`)];
        await outcome(repack({ from: source, fromPath: zip(file), directory: packed, signal }));
        await source.close();
        const result = await outcome(repair({ path: zip(file), directory: repaired, signal }));
        if (verdict === 'accept' && file !== 'ok-nested-mbox.zip')
          expect(typeof result === 'string' ? result : [result.recoveredMessages > 0, result.lost], file).toEqual([true, []]);
        expect(existsSync(BAIT), file).toBe(false);
        rmSync(join(directory, 'out'), { recursive: true, force: true });
      }
    }, 300_000);

    it('stop at a bound: bombs take neither memory nor time', async () => {
      const bombs = cases.filter(({ verdict }) => verdict === 'limit');
      expect(bombs.length).toBeGreaterThan(8);
      for (const { file } of bombs) {
        for (const args of [
          ['verify', zip(file)],
          ['backup', '--from', `zip:${zip(file)}`, '--out', join(directory, 'bomb')],
          ['repair', zip(file), '--out', join(directory, 'bomb-repair')],
        ]) {
          const began = Date.now();
          const result = await runProgram('time', [
            '-f',
            '%M',
            process.execPath,
            join(import.meta.dirname, '../../packages/cli/bin/mailferry.js'),
            ...args,
            '--json',
            '--quiet',
          ]).catch((error: { stderr?: string; stdout?: string }) => `${error.stderr ?? ''}`);
          const peakKib = Number(/(\d+)\s*$/.exec(result)?.[1] ?? 0);
          expect(peakKib * 1024, `${file} ${args[0]}`).toBeLessThan(RSS_BYTES);
          expect(Date.now() - began, `${file} ${args[0]}`).toBeLessThan(TIME_MS);
        }
        const written = existsSync(join(directory, 'bomb'))
          ? filesBelow(join(directory, 'bomb')).reduce((sum, path) => sum + statSync(path).size, 0)
          : 0;
        expect(written, file).toBeLessThan(64 * 1024 * 1024);
        for (const name of ['bomb', 'bomb-repair']) rmSync(join(directory, name), { recursive: true, force: true });
      }
    }, 300_000);
  },
);

describe.skipIf(!existsSync(CORPUS))('the ZIPs of other projects (needs the corpus)', () => {
  const zips = existsSync(CORPUS) ? filesBelow(CORPUS).filter((path) => path.endsWith('.zip')) : [];

  it('that these hold for broken are, and none brings verify down', async () => {
    expect(zips.length).toBeGreaterThan(60);
    for (const path of zips) {
      const report = await checkZip({ path, signal: AbortSignal.timeout(TIME_MS) });
      if (path.includes('zip-yauzl/test/failure/')) expect(report.accepted, path).toBe(0);
    }
  });

  it('show on the command line as what they are', async () => {
    const path = zips.find((one) => /failure.*end of central directory record signature/.test(one)) ?? '';
    const { exitCode, stdout } = await runCli(['verify', path]);
    expect([exitCode, stdout]).toEqual([4, expect.stringContaining('can not be used')]);
  });
});

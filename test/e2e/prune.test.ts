import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ledger } from '@mailferry/core/ledger';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../fixtures/cli.ts';

let directory: string;
const mail = () => join(directory, 'mail');
const folder = () => join(directory, 'backups');

const message = (n: number): string => `Subject: message ${n}\r\n\r\nbody ${n}\r\n`;

/** A full backup of what is in the mail folder, as old as said. */
const backup = async (name: string, daysAgo: number): Promise<void> => {
  expect((await runCli(['backup', '--from', `eml:${mail()}`, '--out', join(folder(), name), '--quiet'])).exitCode).toBe(0);
  const when = new Date(Date.now() - daysAgo * 24 * 60 * 60 * 1000);
  utimesSync(join(folder(), name, 'chain.jsonl'), when, when);
};

const prune = async (...options: string[]) => {
  const result = await runCli(['prune', folder(), '--json', ...options]);
  const report = JSON.parse(result.stdout);
  const verdicts = Object.fromEntries(
    (report.archives ?? []).map((archive: { directory: string; verdict: string }) => [
      archive.directory.split('/').at(-1),
      archive.verdict,
    ]),
  );
  return { exitCode: result.exitCode, report, verdicts };
};

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'mailferry-prune-'));
  mkdirSync(mail());
  mkdirSync(folder());
  for (const n of [1, 2, 3]) writeFileSync(join(mail(), `${n}.eml`), message(n));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe('prune', () => {
  it('removes what is in newer archives, and keeps the only copy of a message whatever was asked for', async () => {
    await backup('oldest', 30);
    await backup('old', 20);
    rmSync(join(mail(), '2.eml'));
    writeFileSync(join(mail(), '4.eml'), message(4));
    await backup('new', 10);
    writeFileSync(join(mail(), '5.eml'), message(5));
    await backup('newest', 1);
    const expected = { newest: 'kept', new: 'removable', old: 'kept-only-copies', oldest: 'removable' };

    const planned = await prune('--keep-last', '1', '--dry-run');
    expect([planned.exitCode, planned.verdicts]).toEqual([0, expected]);
    expect(planned.report.archives).toContainEqual(expect.objectContaining({ verdict: 'kept-only-copies', onlyCopies: 1, messages: 3 }));
    expect(readdirSync(folder())).toHaveLength(4);

    expect((await prune('--keep-last', '1')).report.error.code).toBe('consent-missing');
    expect(readdirSync(folder())).toHaveLength(4);

    const done = await prune('--keep-last', '1', '--yes');
    expect(done.verdicts).toEqual({ newest: 'kept', new: 'removed', old: 'kept-only-copies', oldest: 'removed' });
    expect(readdirSync(folder()).toSorted()).toEqual(['newest', 'old']);
    expect((await prune('--keep-last', '1', '--yes')).verdicts).toEqual({ newest: 'kept', old: 'kept-only-copies' });
  });

  it('keeps what is young enough', async () => {
    await backup('old', 40);
    await backup('young', 5);
    await backup('now', 0);
    expect((await prune('--keep-within', '30d', '--dry-run')).verdicts).toEqual({ now: 'kept', young: 'kept', old: 'removable' });
    expect((await prune('--keep-last', '1', '--keep-within', '1d', '--dry-run')).verdicts).toMatchObject({ young: 'removable' });
  });

  it('takes no damaged archive for a copy, and leaves folders with files of others alone', async () => {
    await backup('old', 20);
    writeFileSync(join(mail(), '4.eml'), message(4));
    await backup('new', 1);
    const part = join(folder(), 'new', 'part-0001.zip');
    const bytes = readFileSync(part);
    bytes.writeUInt8(bytes.readUInt8(90) ^ 1, 90);
    writeFileSync(part, bytes);
    expect((await prune('--keep-last', '1', '--yes')).verdicts).toEqual({ new: 'kept', old: 'kept-only-copies' });
    bytes.writeUInt8(bytes.readUInt8(90) ^ 1, 90);
    writeFileSync(part, bytes);
    writeFileSync(join(folder(), 'old', 'notes.txt'), 'mine');
    expect((await prune('--keep-last', '1', '--yes')).verdicts).toEqual({ new: 'kept', old: 'kept-foreign-files' });
  });

  it('leaves an archive that a run works on, and finishes a removal that was cut short', async () => {
    await backup('old', 20);
    await backup('new', 1);
    const ledger = new Ledger(join(folder(), 'old', '.mailferry', 'ledger.sqlite'));
    expect((await prune('--keep-last', '1', '--yes')).exitCode).toBe(6);
    ledger.close();
    mkdirSync(join(folder(), 'older.removing'));
    writeFileSync(join(folder(), 'older.removing', 'part-0001.zip'), 'x');
    expect((await prune('--keep-last', '1', '--yes')).verdicts).toEqual({ new: 'kept', old: 'removed' });
    expect(readdirSync(folder())).toEqual(['new']);
  });

  it('wants a rule, and a folder with archives', async () => {
    expect((await prune('--yes')).exitCode).toBe(2);
    expect((await prune('--keep-last', '0')).exitCode).toBe(2);
    expect((await prune('--keep-within', 'soon')).exitCode).toBe(2);
    expect((await prune('--keep-last', '1')).report.error.code).toBe('archive-missing');
  });
});

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { MailboxPath } from '../mail/mailbox.ts';
import { type Intent, RestoreJournal } from './restore-journal.ts';

const INBOX = 'INBOX' as MailboxPath;
let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'mailferry-journal-'));
  path = join(directory, 'restore.sqlite');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const intent = (name: string, changes: Partial<Intent> = {}): Intent => ({
  ...{ part: 'part-0001.zip', name, mailbox: INBOX, sha256: `hash of ${name}`, sizeBytes: 10, messageId: null, uidValidity: 7, uidNext: 5 },
  ...changes,
});

it('keeps what was intended and how it ended over a restart', () => {
  const first = new RestoreJournal(path);
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => intent(name));
  if (!a || !b || !c || !d) throw new Error();
  first.intend([a, b, c, d]);
  first.conclude([
    { ...a, state: 'restored', uid: 12 },
    { ...b, state: 'uncertain' },
    { ...c, state: 'failed' },
  ]);
  first.close();
  const again = new RestoreJournal(path);
  expect([a, b, c, d].map((one) => again.stateOf(one))).toEqual(['restored', 'uncertain', null, 'intended']);
  expect(again.openMailboxes()).toEqual([INBOX]);
  expect(again.open(INBOX)).toEqual([d]);
  again.close();
});

it('takes a message with other bytes under the same name for another one', () => {
  const journal = new RestoreJournal(path);
  journal.intend([intent('a')]);
  journal.conclude([{ ...intent('a'), state: 'restored', uid: 1 }]);
  expect(journal.stateOf(intent('a', { sha256: 'other' }))).toBeNull();
  journal.close();
});

it('forgets nothing that was restored', () => {
  const journal = new RestoreJournal(path);
  journal.intend([intent('a')]);
  journal.conclude([{ ...intent('a'), state: 'restored', uid: 1 }]);
  journal.conclude([{ ...intent('a'), state: 'unsent' }]);
  expect(journal.stateOf(intent('a'))).toBe('restored');
  journal.close();
});

it('knows what stands for messages at the target, by UID where there is one', () => {
  const journal = new RestoreJournal(path);
  const rows = [
    intent('a'),
    intent('b'),
    intent('same', { sha256: 'x' }),
    intent('older', { sha256: 'x', uidNext: 4 }),
    intent('id', { messageId: '<1>' }),
  ];
  journal.intend(rows);
  journal.conclude(rows.map((row, i) => ({ ...row, state: 'restored', uid: i < 2 ? 10 + i : null })));
  expect([...journal.known(INBOX, 7, 11)]).toEqual([[11, 10]]);
  expect([...journal.known(INBOX, 8, 1)]).toEqual([]);
  const names = (one: Intent, uidNext: number) => journal.answeredWithoutUid(one, uidNext).map(({ name }) => name);
  expect(names(intent('new', { sha256: 'x' }), 5)).toEqual(['same']);
  expect(names(intent('new', { sha256: 'x' }), 4)).toEqual(['older', 'same']);
  expect(names(intent('new', { messageId: '<1>' }), 5)).toEqual(['id']);
  expect(names(intent('new'), 5)).toEqual([]);
  journal.close();
});

it('belongs to one process at a time', () => {
  const journal = new RestoreJournal(path);
  const url = JSON.stringify(new URL('restore-journal.ts', import.meta.url).href);
  const script = `const { RestoreJournal } = await import(${url}); try { new RestoreJournal(process.argv[1]); } catch (error) { console.log(error.code); }`;
  const open = () => execFileSync(process.execPath, ['--input-type=module', '-e', script, path], { encoding: 'utf8' }).trim();
  expect(open()).toBe('archive-locked');
  journal.close();
  expect(open()).toBe('');
});

it('refuses what is no journal, and leaves it alone', () => {
  writeFileSync(path, 'something else'.repeat(100));
  expect(() => new RestoreJournal(path)).toThrow(expect.objectContaining({ code: 'ledger-unreadable' }));
});

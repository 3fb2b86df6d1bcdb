import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MailboxPath } from '../mail/mailbox.ts';
import { entryFileName, folderNames } from './entry-name.ts';

const date = new Date('2024-01-31T09:30:05.999Z');
const hash = '1a2b3c4d';
const fileName = (subject: string): string => entryFileName({ date, subject, hash });

const mailbox = (path: string, delimiter: string | null = '/') => ({ path: path as MailboxPath, delimiter });
const taken = (folders: Record<string, string>) => new Map(Object.entries(folders) as [MailboxPath, string][]);
const folders = (...mailboxes: { path: MailboxPath; delimiter: string | null }[]): string[] => [...folderNames(mailboxes).values()];
const folderOf = (path: string, delimiter: string | null = '/'): string => folders(mailbox(path, delimiter))[0] ?? '';
/** As Windows and macOS compare. */
const folded = (name: string): string => name.normalize('NFC').toUpperCase().toLowerCase();

const REFUSED_BY_WINDOWS = /[<>:"/\\|?*]|\p{Cc}|[. ]$|^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/iu;
const INVISIBLE = /[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]/u;
/** Text as spiteful as it gets. */
const spiteful = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 10 }),
      fc.string({ unit: 'grapheme', maxLength: 30 }),
      fc.constantFrom(
        'CON',
        '.eml',
        '..',
        '/',
        '\\',
        ' ',
        '한글',
        '\ud800',
        '\udc00',
        '\u202e',
        '👩‍👩‍👧',
        '\u1112\u1161\u11ab',
        'é',
        'e\u0301',
      ),
      fc.constantFrom('NUL.', '\r\n', '\0', '\ufffd', '\uffff', 'ß', 'SS', 'İ', '__MACOSX', '<\u0338'),
    ),
    { maxLength: 12 },
  )
  .map((pieces) => pieces.join(''));

const expectWritable = (name: string): void => {
  expect(name).not.toMatch(REFUSED_BY_WINDOWS);
  expect(name).not.toMatch(INVISIBLE);
  expect(name).not.toContain('\ufffd');
  expect(name.isWellFormed()).toBe(true);
  expect(name.normalize('NFC')).toBe(name);
};

describe('the name of a message (SPEC K8)', () => {
  it.each([
    ['제목', '2024-01-31 093005 제목 1a2b3c4d.eml'],
    ['Re: a/b <c> "d" | e? *', '2024-01-31 093005 Re_ a_b _c_ _d_ _ e_ _ 1a2b3c4d.eml'],
    ['  two\r\n lines\t', '2024-01-31 093005 two lines 1a2b3c4d.eml'],
    ['', '2024-01-31 093005 (no subject) 1a2b3c4d.eml'],
    [' \u200b\u202e ', '2024-01-31 093005 (no subject) 1a2b3c4d.eml'],
    ['\u1112\u1161\u11ab\u1100\u1173\u11af', '2024-01-31 093005 한글 1a2b3c4d.eml'],
    ['exe.\u202eгпj', '2024-01-31 093005 exe.гпj 1a2b3c4d.eml'],
    ['lone \ud800 half', '2024-01-31 093005 lone _ half 1a2b3c4d.eml'],
  ])('of %j', (subject, expected) => {
    expect(fileName(subject)).toBe(expected);
  });

  it('speaks Korean of an empty subject', () => {
    expect(entryFileName({ date, subject: '', hash, language: 'ko' })).toBe('2024-01-31 093005 (제목 없음) 1a2b3c4d.eml');
  });

  it.each([null, new Date(Number.NaN), new Date(-1e14), new Date(8.64e15)])('has zeros for a date that is none: %s', (none) => {
    expect(entryFileName({ date: none, subject: 'x', hash })).toBe('0000-00-00 000000 x 1a2b3c4d.eml');
  });

  it('is cut between characters as a reader sees them', () => {
    const stamp = '2024-01-31 093005 ';
    expect(fileName('x'.repeat(1000))).toBe(`${stamp}${'x'.repeat(89)} ${hash}.eml`);
    expect(fileName('가'.repeat(1000))).toBe(`${stamp}${'가'.repeat(56)} ${hash}.eml`);
    expect(fileName(`${'x'.repeat(88)}👍🏽`)).toBe(`${stamp}${'x'.repeat(88)} ${hash}.eml`);
    expect(fileName(`${'x'.repeat(88)}e\u0323\u0301`)).toBe(`${stamp}${'x'.repeat(88)} ${hash}.eml`);
    expect(fileName(`a${'\u0316'.repeat(5000)}`)).toBe(`${stamp}a${'\u0316'.repeat(84)} ${hash}.eml`);
  });

  it('is within its limits and writable everywhere, whatever the subject', () => {
    fc.assert(
      fc.property(
        spiteful,
        fc.constantFrom('', 'x', '한', '👍'),
        fc.nat(200),
        fc.integer({ min: 8, max: 64 }),
        (odd, filler, count, digits) => {
          const name = entryFileName({ date, subject: odd + filler.repeat(count) + odd, hash: 'f'.repeat(digits) });
          expectWritable(name);
          expect(name).toMatch(/^2024-01-31 093005 \S.* f+\.eml$/u);
          expect(name.length).toBeLessThanOrEqual(120);
          expect(Buffer.byteLength(name)).toBeLessThanOrEqual(200);
        },
      ),
    );
  });
});

describe('the folders of mailboxes', () => {
  it('S24: are one for each mailbox, one to one', () => {
    const names = [
      '한글',
      'R&D',
      '😀 mail',
      'trailing ',
      'trailing',
      '2024',
      'Sent',
      'SENT',
      'x'.repeat(200),
      `${'x'.repeat(200)}y`,
      '..',
      '.',
      '',
    ];
    const mailboxes = [...names.map((name) => mailbox(name)), mailbox('a/b', '.'), mailbox('a.b', '.'), mailbox('c//d'), mailbox('c/d')];
    const found = folderNames(mailboxes);
    expect(found.size).toBe(mailboxes.length);
    expect(new Set([...found.values()].map(folded)).size).toBe(mailboxes.length);
    expect(found.get('한글' as MailboxPath)).toBe('한글');
    expect(found.get('R&D' as MailboxPath)).toBe('R&D');
    expect(found.get('a/b' as MailboxPath)).toBe('a_b');
    expect(found.get('a.b' as MailboxPath)).toBe('a/b');
    expect(found.get('SENT' as MailboxPath)).toBe('SENT');
    expect(found.get('Sent' as MailboxPath)).toMatch(/^Sent ~[0-9a-f]{4}$/);
    expect(found.get('c//d' as MailboxPath)).toBe('c/_/d');
  });

  it.each([
    ['CON', '_CON'],
    ['nul.txt', '_nul.txt'],
    ['COM¹ .x', '_COM¹ .x'],
    ['console', 'console'],
    ['__MACOSX', '___MACOSX'],
    ['.hidden', '_hidden'],
    ['news...', 'news'],
    ['../../etc', '_/_/etc'],
    ['C:\\Mail', 'C__Mail'],
    ['INBOX/work.eml', 'INBOX/work_eml'],
    ['x.EML. .', 'x_EML'],
    // One character of many marks, too long to keep: what stays before it is reserved.
    [`cona${'\u0316'.repeat(200)}`, '_con'],
    [`__MACOSXa${'\u0316'.repeat(200)}`, '___MACOSX'],
  ])('turn %s into %s', (path, expected) => {
    expect(folderOf(path)).toBe(expected);
  });

  it('keep what is taken, and take nothing away from it', () => {
    const before = folderNames([mailbox('Sent')]);
    const after = folderNames([mailbox('SENT'), mailbox('Sent'), mailbox('new')], before);
    expect(after.get('Sent' as MailboxPath)).toBe('Sent');
    expect(after.get('SENT' as MailboxPath)).toMatch(/^SENT ~[0-9a-f]{4}$/);
    expect(folderNames([mailbox('b')], taken({ a: 'B' })).get('b' as MailboxPath)).toMatch(/^b ~[0-9a-f]{4}$/);
  });

  it('are told apart even where a mailbox has the very name that another one would get', () => {
    const ending = folderNames([mailbox('SENT'), mailbox('Sent')]).get('Sent' as MailboxPath) ?? '';
    const found = folderNames([mailbox('Sent'), mailbox('SENT'), mailbox(ending)]);
    expect(found.get(ending as MailboxPath)).toBe(ending);
    expect(found.get('Sent' as MailboxPath)).toMatch(/^Sent ~[0-9a-f]{8}$/);
  });

  it('are told apart wherever NFC and lower case take two characters for one', () => {
    const alike = new Map<string, string[]>();
    for (let code = 0x21; code <= 0x1_ffff; code += 1) {
      const character = String.fromCodePoint(code);
      if (!character.isWellFormed()) continue;
      const key = character.normalize('NFC').toLowerCase();
      alike.set(key, [...(alike.get(key) ?? []), character]);
    }
    for (const characters of alike.values()) {
      if (characters.length === 1) continue;
      const found = folders(...characters.map((character) => mailbox(character)));
      expect(new Set(found.map((folder) => folder.normalize('NFC').toLowerCase())).size).toBe(characters.length);
    }
  });

  it('are short enough for any path, however deep or long the mailbox', () => {
    for (const path of ['a/'.repeat(2000), '가나다라마바사'.repeat(300), `${'한글메일함'.repeat(30)}/`.repeat(30)]) {
      expect(Buffer.byteLength(folderOf(path))).toBeLessThanOrEqual(640);
      expect(folderOf(path)).not.toMatch(/^$|\/$/);
    }
  });

  it('are writable and different whatever the names, and the same in any order', () => {
    const names = fc.uniqueArray(fc.tuple(spiteful, fc.constantFrom('/', '.', null)), { maxLength: 12, selector: ([path]) => path });
    fc.assert(
      fc.property(names, fc.nat(), (paths, turn) => {
        const mailboxes = paths.map(([path, delimiter]) => mailbox(path, delimiter));
        const found = folderNames(mailboxes);
        expect(found.size).toBe(mailboxes.length);
        expect(new Set([...found.values()].map(folded)).size).toBe(mailboxes.length);
        for (const folder of found.values()) {
          for (const level of folder.split('/')) {
            expectWritable(level);
            expect(level).not.toMatch(/^$|^\.|\.eml$/i);
            expect(level.length).toBeLessThanOrEqual(80);
            expect(Buffer.byteLength(level)).toBeLessThanOrEqual(160);
          }
        }
        const turned = [...mailboxes.slice(turn % (mailboxes.length + 1)), ...mailboxes.slice(0, turn % (mailboxes.length + 1))].reverse();
        const again = folderNames(turned);
        for (const [path, folder] of found) expect(again.get(path)).toBe(folder);
        expect(folderNames(turned, found)).toEqual(found);
      }),
    );
  });
});

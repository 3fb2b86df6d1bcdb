import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Mailbox, MailboxPath, SpecialUse } from './mailbox.ts';
import { mapMailboxes, type TargetMailboxes } from './map-mailboxes.ts';

const mailbox = (path: string, delimiter: string | null = '/', specialUse: SpecialUse | null = null): Mailbox => ({
  path: path as MailboxPath,
  delimiter,
  specialUse,
  selectable: true,
});
const to = (mailboxes: readonly Mailbox[], options: Partial<TargetMailboxes> = {}): TargetMailboxes => ({
  ...{ mailboxes, delimiter: '/', prefix: '', under: null },
  ...options,
});
const none = new Map<MailboxPath, MailboxPath>();
const mapping = (sources: readonly Mailbox[], target: TargetMailboxes, settled = none): Record<string, string> =>
  Object.fromEntries(mapMailboxes(sources, target, settled).map(({ from, path }) => [from.path, path]));

describe('mailboxes at a target', () => {
  it('S25: takes away what only INBOX. servers put in front, and puts there what the target wants', () => {
    const dotted = [mailbox('INBOX', '.'), mailbox('INBOX.Sent', '.'), mailbox('INBOX.프로젝트.a/b', '.')];
    expect(mapping(dotted, to([mailbox('INBOX'), mailbox('보낸메일함', '/', '\\Sent')]))).toEqual({
      'INBOX': 'INBOX',
      'INBOX.Sent': '보낸메일함',
      'INBOX.프로젝트.a/b': '프로젝트/a_b',
    });
    const slashed = [mailbox('INBOX'), mailbox('Work/2024'), mailbox('v1.2')];
    expect(mapping(slashed, to([mailbox('INBOX', '.')], { delimiter: '.', prefix: 'INBOX.' }))).toEqual({
      'INBOX': 'INBOX',
      'Work/2024': 'INBOX.Work.2024',
      'v1.2': 'INBOX.v1_2',
    });
  });

  it('leaves what lies below INBOX there where other mailboxes lie beside it', () => {
    expect(mapping([mailbox('INBOX'), mailbox('INBOX/a'), mailbox('a')], to([mailbox('INBOX')]))).toMatchObject({
      'INBOX/a': 'INBOX/a',
      'a': 'a',
    });
  });

  it('puts what lies below a mailbox below the one that stands for it', () => {
    const sources = [mailbox('Sent Items/2023/May'), mailbox('Sent Items', '/', '\\Sent'), mailbox('Sent Items/2023')];
    expect(mapping(sources, to([mailbox('보낸메일함')]))).toEqual({
      'Sent Items': '보낸메일함',
      'Sent Items/2023': '보낸메일함/2023',
      'Sent Items/2023/May': '보낸메일함/2023/May',
    });
  });

  it('never gives two of the same use to one', () => {
    const sources = [mailbox('Sent'), mailbox('Gesendet', '/', '\\Sent'), mailbox('SENT')];
    const map = mapping(sources, to([mailbox('INBOX'), mailbox('Sent', '/', '\\Sent')]));
    expect(map.Gesendet).toBe('Sent');
    expect(new Set(Object.values(map)).size).toBe(3);
  });

  it('keeps what was settled, and puts everything below a mailbox where that is asked for', () => {
    const settled = new Map([['a' as MailboxPath, 'b' as MailboxPath]]);
    expect(mapping([mailbox('a'), mailbox('b')], to([]), settled)).toEqual({ a: 'b', b: 'b (2)' });
    expect(mapping([mailbox('INBOX'), mailbox('Sent')], to([mailbox('Sent', '/', '\\Sent')], { under: 'old' }))).toEqual({
      INBOX: 'old/INBOX',
      Sent: 'old/Sent',
    });
  });

  const level = fc.oneof(fc.constantFrom('INBOX', 'inbox', 'Sent', 'SENT', '보낸메일함', 'a', 'a (2)', '', '.', '..', 'a_b'), fc.string());
  const paths = fc.uniqueArray(
    fc.array(level, { minLength: 1, maxLength: 3 }).map((levels) => levels.join('/')),
    { maxLength: 12 },
  );

  it.each(['/', '.', null])('are all different, whatever the names (delimiter %s)', (delimiter) =>
    fc.assert(
      fc.property(paths, paths, fc.constantFrom('', 'INBOX.'), fc.constantFrom(null, 'x'), (sources, there, prefix, under) => {
        const target = to(
          there.map((path) => mailbox(path, delimiter)),
          { delimiter, prefix, under },
        );
        const mapped = mapMailboxes(
          sources.map((path) => mailbox(path)),
          target,
          none,
        );
        expect(mapped.map(({ from }) => from.path)).toEqual(sources);
        expect(new Set(mapped.map(({ path }) => (path.toUpperCase() === 'INBOX' ? 'INBOX' : path))).size).toBe(sources.length);
      }),
    ),
  );
});

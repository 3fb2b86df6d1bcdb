import { describe, expect, it } from 'vitest';
import type { MailboxPath } from './mailbox.ts';
import { type MessageFilter, reasonToLeaveOut, wantsMailbox } from './message-filter.ts';

const wants = (filter: MessageFilter, path: string): boolean => wantsMailbox(filter, path as MailboxPath);
const subject = { sizeBytes: 100, date: new Date('2024-03-05T00:00:00Z'), flags: ['\\Seen', '$Work'] };

describe('mailboxes', () => {
  it('are all wanted without a filter', () => {
    expect(wants({}, 'INBOX')).toBe(true);
  });

  it.each([
    ['INBOX', 'inbox', true],
    ['INBOX', 'INBOX/Sub', false],
    ['INBOX*', 'INBOX/Sub', true],
    ['*/2024', 'Archive/2024', true],
    ['*/2024', 'Archive/2024/03', false],
    ['A*B*C', 'AxBxBC', true],
    ['A*B*C', 'ABxB', false],
    ['AB*BA', 'ABA', false],
    ['*', 'anything', true],
    ['받은*', '받은 서류', true],
    ['받은*', '받은 서류'.normalize('NFD'), true],
    ['a.c', 'abc', false],
  ])('%s takes %s: %s', (glob, path, expected) => {
    expect(wants({ include: [glob] }, path)).toBe(expected);
    expect(wants({ exclude: [glob] }, path)).toBe(!expected);
  });

  it('are left out when both sides match', () => {
    expect(wants({ include: ['*'], exclude: ['Spam'] }, 'Spam')).toBe(false);
    expect(wants({ include: ['*'], exclude: ['Spam'] }, 'Sent')).toBe(true);
  });

  it('with names made to be slow are judged at once', () => {
    const start = performance.now();
    wants({ include: [`${'*a'.repeat(200)}*b`] }, 'a'.repeat(200_000));
    expect(performance.now() - start).toBeLessThan(5000);
  });
});

describe('messages', () => {
  const period = { from: new Date('2024-01-01T00:00:00Z'), until: new Date('2025-01-01T00:00:00Z') };

  it.each<[MessageFilter, string | null]>([
    [{}, null],
    [{ minSizeBytes: 100, maxSizeBytes: 100 }, null],
    [{ minSizeBytes: 101 }, 'size'],
    [{ maxSizeBytes: 99 }, 'size'],
    [{ period }, null],
    [{ period: { from: subject.date, until: null } }, null],
    [{ period: { from: null, until: subject.date } }, 'period'],
    [{ withFlags: ['\\seen'] }, null],
    [{ withFlags: ['\\Seen', '\\Flagged'] }, 'flags'],
    [{ withoutFlags: ['$work'] }, 'flags'],
    [{ withoutFlags: ['\\Deleted'] }, null],
  ])('%j gives %s', (filter, reason) => {
    expect(reasonToLeaveOut(filter, subject)).toBe(reason);
  });

  it('are wanted as long as nothing is known that speaks against them', () => {
    const filter = { period: { from: null, until: new Date(0) }, withFlags: ['\\Flagged'] };
    expect(reasonToLeaveOut(filter, { sizeBytes: 1, date: undefined, flags: undefined })).toBeNull();
    expect(reasonToLeaveOut(filter, { sizeBytes: 1, date: null, flags: undefined })).toBeNull();
    expect(reasonToLeaveOut(filter, { sizeBytes: 1, date: null, flags: [] })).toBe('flags');
  });
});

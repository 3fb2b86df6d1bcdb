import { describe, expect, it } from 'vitest';
import type { Mailbox, MailboxPath, SpecialUse } from './mailbox.ts';
import { standingOf, withSpecialUses } from './special-use.ts';
import { comparableName, USE_OF_NAME, VIEW_NAMES } from './special-use-names.ts';

const mailbox = (path: string, specialUse: SpecialUse | null = null, delimiter = '/'): Mailbox => ({
  path: path as MailboxPath,
  delimiter,
  specialUse,
  selectable: true,
});
const uses = (...mailboxes: Mailbox[]): (SpecialUse | null)[] => withSpecialUses(mailboxes).map(({ specialUse }) => specialUse);

describe('special uses', () => {
  it.each<[string, SpecialUse | null]>([
    ['보낸메일함', '\\Sent'],
    ['보낸 편지함', '\\Sent'],
    ['보낸 편지함'.normalize('NFD'), '\\Sent'],
    ['임시 보관함', '\\Drafts'],
    ['지운 메일함', '\\Trash'],
    ['휴지통', '\\Trash'],
    ['스팸메일함', '\\Junk'],
    ['보관함', '\\Archive'],
    ['Sent Items', '\\Sent'],
    ['INBOX/Sent', '\\Sent'],
    ['내게쓴메일함', null],
    ['내게 쓴 편지함', null],
    ['예약메일함', null],
    ['보낼편지함', null],
    ['외부메일함', null],
    ['Projects/Sent', null],
    ['Sent to clients', null],
  ])('%s is %s', (path, use) => {
    expect(uses(mailbox(path))).toEqual([use]);
  });

  it('come from the server first, and once', () => {
    expect(uses(mailbox('Sent'), mailbox('Gesendet', '\\Sent'))).toEqual([null, '\\Sent']);
    expect(uses(mailbox('Sent'), mailbox('SENT'))).toEqual(['\\Sent', null]);
    expect(uses(mailbox('INBOX.보낸메일함', null, '.'), mailbox('INBOX.휴지통', null, '.'))).toEqual(['\\Sent', '\\Trash']);
  });

  it('know INBOX before any other name for an inbox', () => {
    expect(uses(mailbox('받은편지함'), mailbox('Inbox'))).toEqual([null, '\\Inbox']);
    expect(uses(mailbox('받은편지함'), mailbox('Work'))).toEqual(['\\Inbox', null]);
  });

  it('have their names in the form that is compared', () => {
    for (const name of [...USE_OF_NAME.keys(), ...VIEW_NAMES]) expect(name).toBe(comparableName(name));
  });

  it('are not guessed for a name that only holds others', () => {
    expect(withSpecialUses([{ ...mailbox('Sent'), selectable: false }])[0]?.specialUse).toBeNull();
  });
});

describe('views', () => {
  it.each<[Mailbox, string]>([
    [mailbox('INBOX'), 'mailbox'],
    [mailbox('[Gmail]/Starred', '\\Flagged'), 'view'],
    [mailbox('[Gmail]/Important', '\\Important'), 'view'],
    [mailbox('[Gmail]/All Mail', '\\All'), 'likely-view'],
    [mailbox('전체메일함'), 'likely-view'],
    [mailbox('별표편지함', '\\Flagged'), 'likely-view'],
    [mailbox('중요'), 'likely-view'],
    [mailbox('수신확인'), 'likely-view'],
    [mailbox('회사/중요'), 'mailbox'],
  ])('%j', (one, standing) => {
    expect(standingOf(one)).toBe(standing);
  });
});

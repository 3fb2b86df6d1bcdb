import type { MailboxPath } from '../mail/mailbox.ts';
export const entryFileName = ({ date, subject, hash }: { date: Date | null; subject: string; hash: string; language: 'en' | 'ko' }): string =>
  `${(date ?? new Date(0)).toISOString().slice(0, 19).replace('T', ' ').replaceAll(':', '')} ${subject.replace(/[^a-z0-9 ]/gi, '').slice(0, 40)} ${hash}.eml`;
export const folderNames = (mailboxes: readonly { path: MailboxPath; delimiter: string | null }[], _taken: ReadonlyMap<string, string>): Map<MailboxPath, string> =>
  new Map(mailboxes.map((m) => [m.path, m.path]));

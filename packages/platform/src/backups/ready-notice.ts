import { randomUUID } from 'node:crypto';
import { mailDate } from '../office/bounce.ts';
import type { Backup } from '../store/backups.ts';
import type { WallClock } from '../wall-clock.ts';

const SUBJECT = '메일 백업이 준비되었습니다 / Your mail backup is ready';

const word = (text: string): string => `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`;

/** A long subject in words of at most 75 characters, RFC 2047 §2. */
const words = (text: string): string => (text.match(/[\s\S]{1,15}/gu) ?? []).map(word).join('\r\n ');

/** The mail that tells an account that its backup can be downloaded (SPEC B5). The backup has to be ready. */
export const readyNotice = (user: string, backup: Backup, clock: WallClock, now: Date): Buffer => {
  const domain = user.slice(user.lastIndexOf('@') + 1);
  const until = backup.expiresAt ? clock.dateTime(backup.expiresAt).replaceAll('"', '').trim() : '';
  const mailbox = backup.mailbox?.path ?? null;
  const counts = `${backup.messageCount ?? 0}`;
  return Buffer.from(
    [
      `Date: ${mailDate(now)}`,
      `From: Mail backup <postmaster@${domain}>`,
      `To: <${user}>`,
      `Message-ID: <${randomUUID()}@${domain}>`,
      `Subject: ${words(SUBJECT)}`,
      'Auto-Submitted: auto-generated',
      'MIME-Version: 1.0',
      'Content-Type: text/plain; charset=utf-8',
      'Content-Transfer-Encoding: base64',
      '',
      ...(Buffer.from(
        [
          '신청하신 메일 백업이 준비되었습니다.',
          `메일함: ${mailbox ?? '전체 메일함'}`,
          `메일: ${counts}통, 파일: ${backup.parts.length}개`,
          `다운로드 만료 기한: ${until}`,
          '',
          'The backup that you requested is ready.',
          `Mailbox: ${mailbox ?? 'all mailboxes'}`,
          `Messages: ${counts}, files: ${backup.parts.length}`,
          `To be downloaded before: ${until}`,
          '',
        ].join('\r\n'),
      )
        .toString('base64')
        .match(/.{1,76}/g) ?? []),
      '',
    ].join('\r\n'),
  );
};

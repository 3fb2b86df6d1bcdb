import type { Context } from 'hono';
import type { BackupDesk } from '../backups/backup-desk.ts';
import type { Account } from '../store/accounts.ts';
import type { Backup } from '../store/backups.ts';
import { byteRange } from './byte-range.ts';

/** What a part is called where it is saved. */
export const partFileName = (user: string, { toDay, parts }: Backup, number: number): string =>
  `backup_${user.replace(/[^\w.@-]/g, '_')}_${toDay}_${number}of${parts.length}.zip`;

/**
 * The part, or the range of it that the request asks for; its ETag is the SHA-256 of the whole.
 * @throws PlatformError `backup-missing`, `backup-not-ready`, `backup-expired`, `range-invalid`
 */
export const answerPart = async (
  c: Context,
  backups: BackupDesk,
  { id: accountId, user }: Pick<Account, 'id' | 'user'>,
  { id, number }: { readonly id: string; readonly number: number },
): Promise<Response> => {
  const { backup, part } = await backups.findPart(accountId, id, number);
  const { sizeBytes, sha256 } = part;
  const etag = `"${sha256}"`;
  const condition = c.req.header('if-range');
  c.header('content-range', `bytes */${sizeBytes}`);
  const range = condition === undefined || condition === etag ? byteRange(c.req.header('range'), sizeBytes) : null;
  const { from, to } = range ?? { from: 0, to: sizeBytes - 1 };
  c.header('content-range', range ? `bytes ${from}-${to}/${sizeBytes}` : undefined);
  return c.body(ReadableStream.from(backups.readPart(id, number, from, to)), range ? 206 : 200, {
    'content-type': 'application/zip',
    'content-length': String(to - from + 1),
    'accept-ranges': 'bytes',
    'content-disposition': `attachment; filename="${partFileName(user, backup, number)}"`,
    etag,
  });
};

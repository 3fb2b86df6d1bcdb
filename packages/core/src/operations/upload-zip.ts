import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { hashFile } from '../archive/hash-file.ts';
import { validateZip } from '../archive/validate-zip.ts';
import { MailferryError } from '../errors.ts';
import type { MailboxPath } from '../mail/mailbox.ts';
import type { UploadTarget } from '../target/upload-target.ts';
import type { OnProgress } from './progress.ts';
import { ProgressMeter } from './progress-meter.ts';
import type { FailedMessage, UploadReport } from './report.ts';
import { idempotencyKey } from './send-parts.ts';

export interface UploadZipOptions {
  /** A ZIP of EML files, from whoever. */
  readonly path: string;
  /** The target's mailbox, with `/` between its levels; made when it isn't there. */
  readonly mailbox: string;
  readonly target: UploadTarget;
  readonly onProgress?: OnProgress;
  readonly signal: AbortSignal;
}

/**
 * Checks one ZIP (SPEC U2, U3) and sends it to one mailbox (SPEC U1). The same ZIP sent to the same mailbox
 * again doubles nothing and gives the same answers. The target stays open.
 *
 * Errors: `zip-*`, and those of the target.
 */
export const uploadZip = async ({ path, mailbox, target, onProgress, signal }: UploadZipOptions): Promise<UploadReport> => {
  const progress = new ProgressMeter(onProgress);
  progress.begin('verifying');
  const { accepted, refused } = await validateZip(path, { signal });
  if (accepted + refused.length === 0) throw new MailferryError('zip-invalid', { path, reason: 'it holds no file' });
  const { size: sizeBytes } = await stat(path);
  progress.begin('connecting');
  await target.checkReady(signal);
  const at = await target.ensureMailbox({ path: mailbox as MailboxPath, delimiter: '/', specialUse: null, selectable: true }, signal);
  const sha256 = await hashFile(path, signal);
  const zip = {
    path,
    fileName: basename(path),
    sizeBytes,
    sha256,
    mailbox: at,
    idempotencyKey: idempotencyKey(target, at.id, sha256),
    entries: [],
  };
  progress.begin('uploading', { bytes: sizeBytes });
  let sentBytes = 0;
  const onSent = (bytes: number): void => {
    progress.advance(0, bytes - sentBytes, zip.fileName);
    sentBytes = bytes;
  };
  const failed: FailedMessage[] = [];
  let uploadedMessages = 0;
  for await (const answer of target.upload(zip, onSent, signal)) {
    if (answer.kind === 'stored') uploadedMessages += 1;
    else failed.push({ mailbox, locator: null, entryName: answer.name, code: answer.error.code, details: answer.error.details });
    progress.advance(1, 0);
  }
  return { kind: 'upload', target: target.identity, uploadedMessages, uploadedParts: 1, failed, reconciliation: null };
};

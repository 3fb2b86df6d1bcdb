import { stat } from 'node:fs/promises';
import { verifyArchive } from '../archive/verify-archive.ts';
import { MailferryError } from '../errors.ts';
import type { OnProgress } from './progress.ts';
import { ProgressMeter } from './progress-meter.ts';
import type { VerifyReport } from './report.ts';

export interface VerifyOptions {
  /** An archive's folder. */
  readonly path: string;
  /** age identities (`AGE-SECRET-KEY-1…`) for an encrypted archive. Without them only its files are held against the chain. */
  readonly identities?: readonly string[];
  /** The key that has to have signed the chain: 32 bytes in base64. Default: any, or none. */
  readonly publicKey?: string;
  /** The head that an earlier report gave: the archive has to hold all that it stood for. */
  readonly head?: string;
  readonly onProgress?: OnProgress;
  readonly signal: AbortSignal;
}

/**
 * Reads an archive back and holds every byte against its manifests and checksums. Needs no ledger, changes
 * nothing, and never repairs. Errors: `archive-missing`, `identity-missing`, `cancelled`; damages are in the report.
 */
export const verify = async ({ path, identities = [], publicKey, head, onProgress, signal }: VerifyOptions): Promise<VerifyReport> => {
  const progress = new ProgressMeter(onProgress);
  const found = await stat(path).catch(() => null);
  if (!found?.isDirectory()) throw new MailferryError('archive-missing', { path });
  let isBegun = false;
  const result = await verifyArchive(path, {
    identities,
    publicKey: publicKey ?? null,
    head: head ?? null,
    onBegin: (bytes) => {
      isBegun = true;
      progress.begin('verifying', { bytes });
    },
    onEntry: (part, entryBytes) => isBegun && progress.advance(1, entryBytes, part),
    signal,
  });
  return { kind: 'verify', path, ...result };
};

import { stat } from 'node:fs/promises';
import { validateZip } from '../archive/validate-zip.ts';
import { isMailferryError, MailferryError } from '../errors.ts';
import type { OnProgress } from './progress.ts';
import { ProgressMeter } from './progress-meter.ts';
import type { ZipReport } from './report.ts';

export interface CheckZipOptions {
  /** A ZIP of EML files, from whoever, of any size. */
  readonly path: string;
  readonly onProgress?: OnProgress;
  readonly signal: AbortSignal;
}

/**
 * Unpacks every entry of one ZIP and holds it against what the ZIP says of it, its sizes and CRC-32. Nothing is written.
 * Errors: `source-missing`, `cancelled`; what is wrong with the ZIP is in the report.
 */
export const checkZip = async ({ path, onProgress, signal }: CheckZipOptions): Promise<ZipReport> => {
  const progress = new ProgressMeter(onProgress);
  const found = await stat(path).catch(() => null);
  if (!found) throw new MailferryError('source-missing', { path });
  progress.begin('verifying', { bytes: found.size });
  const file = { kind: 'zip', path, sizeBytes: found.size } as const;
  try {
    const { accepted, refused, oddities } = await validateZip(path, { fileLimitBytes: Number.MAX_SAFE_INTEGER, signal });
    return { ...file, accepted, refused, oddities, invalid: null };
  } catch (error) {
    if (!isMailferryError(error, 'zip-invalid')) throw error;
    return { ...file, accepted: 0, refused: [], oddities: [], invalid: String(error.details.reason) };
  }
};

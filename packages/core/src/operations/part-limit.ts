import { MailferryError } from '../errors.ts';

/** Parts for uploads stay under 2,000,000,000 bytes, safe under either reading of 2 GB (SPEC U2). */
export const UPLOAD_PART_BYTES = 1_999_999_999;
/** Parts of backups fit on FAT32 and into ZIP tools without ZIP64 (SPEC B2). */
export const BACKUP_PART_BYTES = 4 * 1024 ** 3 - 1;
/** Room for one small message and the ZIP's own records. */
const SMALLEST_PART_BYTES = 64 * 1024;

/** Gives the limit back. Errors: `option-invalid` when a part could not be that size. */
export const checkPartLimit = (partLimitBytes: number, forUpload: boolean): number => {
  const largest = forUpload ? UPLOAD_PART_BYTES : BACKUP_PART_BYTES;
  if (Number.isInteger(partLimitBytes) && partLimitBytes >= SMALLEST_PART_BYTES && partLimitBytes <= largest) return partLimitBytes;
  throw new MailferryError('option-invalid', { option: 'part size', reason: `it has to be ${SMALLEST_PART_BYTES} to ${largest} bytes` });
};

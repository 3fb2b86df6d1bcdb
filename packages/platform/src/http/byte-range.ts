import { PlatformError } from '../platform-error.ts';

/** Both ends included. */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
}

const ONE_RANGE = /^bytes=(?:(\d{1,15})-(\d{0,15})|-(\d{1,15}))$/;

/**
 * The range that a header asks for, RFC 9110 §14. Null where the whole is to be sent: without a header, and for one that this
 * server does not know, such as several ranges. @throws PlatformError `range-invalid` if it has no byte of the content
 */
export const byteRange = (header: string | undefined, sizeBytes: number): ByteRange | null => {
  const [match, first, last, suffix] = ONE_RANGE.exec(header ?? '') ?? [];
  if (match === undefined) return null;
  const from = first === undefined ? Math.max(0, sizeBytes - Number(suffix)) : Number(first);
  const to = first === undefined || last === '' ? sizeBytes - 1 : Number(last);
  if (to < from && first !== undefined && last !== '') return null;
  if (from >= sizeBytes) throw new PlatformError('range-invalid', `There are ${sizeBytes} bytes`);
  return { from, to: Math.min(to, sizeBytes - 1) };
};

import { hash } from 'node:crypto';
import { crc32, inflateRawSync } from 'node:zlib';
import type { ArchiveEntry } from '../../mail/archive-entry.ts';

/** What the bytes of an entry have to be; `sha256` is null where only the part itself tells of it. */
export type CheckedEntry = Pick<ArchiveEntry, 'method' | 'sizeBytes' | 'crc32'> & { readonly sha256: string | null };

/** Why the bytes of an entry are not the message's; undefined when they are. */
export const contentFault = (entry: CheckedEntry, sizeBytes: number, crc: number, sha256: string): string | undefined => {
  if (sizeBytes !== entry.sizeBytes) return `${sizeBytes} bytes instead of ${entry.sizeBytes}`;
  if (crc !== entry.crc32) return 'the CRC-32 differs';
  return entry.sha256 === null || sha256 === entry.sha256 ? undefined : 'the SHA-256 differs';
};

export const inflateFault = (error: unknown): string => `it can't be inflated: ${error instanceof Error ? error.message : String(error)}`;

/** Holds the data of an entry against it, in memory. Never inflates more than the entry's size, whatever the data says. */
export const checkContent = (entry: CheckedEntry, data: Buffer): string | undefined => {
  try {
    const body = entry.method === 'store' ? data : inflate(data, entry.sizeBytes);
    return contentFault(entry, body.length, crc32(body), hash('sha256', body));
  } catch (error) {
    return inflateFault(error);
  }
};

/** zlib wants room for at least one byte. */
const inflate = (data: Buffer, sizeBytes: number): Buffer =>
  inflateRawSync(data, { maxOutputLength: Math.max(1, sizeBytes), chunkSize: Math.max(64, sizeBytes) });

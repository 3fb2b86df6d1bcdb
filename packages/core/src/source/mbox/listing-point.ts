import type { ListingPoint } from '../mail-source.ts';
import type { FileStamp } from './file-bytes.ts';

/** What is kept of one listing of a mailbox to compare the next one with. */
export interface ListingState {
  /** 1 for the first listing, one more each time that offsets came to mean other messages. */
  readonly generation: number;
  /** Of the file. */
  readonly stamp: FileStamp;
  readonly count: number;
  /** Of the first `count` messages. */
  readonly digest: number;
  /** Whether mboxrd's quoting is undone. */
  readonly isQuoted: boolean;
}

const NUMBERS = ['generation', 'sizeBytes', 'mtimeMs', 'inode', 'count', 'digest'] as const;

export const writePoint = ({ stamp, ...state }: ListingState): ListingPoint => JSON.stringify({ ...state, ...stamp });

/** Null for what is no point of ours. */
export const readPoint = (point: ListingPoint): ListingState | null => {
  try {
    const { generation, sizeBytes, mtimeMs, inode, count, digest, isQuoted } = JSON.parse(point);
    const numbers = { generation, sizeBytes, mtimeMs, inode, count, digest };
    if (!NUMBERS.every((name) => Number.isFinite(numbers[name])) || typeof isQuoted !== 'boolean') return null;
    return { generation, stamp: { sizeBytes, mtimeMs, inode }, count, digest, isQuoted };
  } catch {
    return null;
  }
};

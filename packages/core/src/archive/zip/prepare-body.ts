import { createHash } from 'node:crypto';
import { constants, crc32, deflateRawSync, type ZlibOptions } from 'node:zlib';
import type { PackedBody } from '../../mail/message.ts';

/** A message's bytes as they go into a part. */
export interface PreparedBody {
  readonly method: 'store' | 'deflate';
  /** What is written: the bytes themselves, or their deflated form. */
  readonly data: Buffer;
  readonly sizeBytes: number;
  readonly crc32: number;
  /** Lower-case hex. */
  readonly sha256: string;
}

/** Measured on real mail: a fifth faster than level 6, and less than one per cent bigger. */
const BEST: ZlibOptions = { level: 4 };
/** No search for repetitions: base64 of compressed data has none, and all that can be won is 6 of 8 bits. */
const HUFFMAN_ONLY: ZlibOptions = { strategy: constants.Z_HUFFMAN_ONLY };

/** Smaller messages are mostly text, and cheap. */
const SAMPLE_ABOVE_BYTES = 64 * 1024;
const SAMPLE_BYTES = 16 * 1024;
/** How much bigger than with the search for repetitions it may get. */
const HUFFMAN_TOLERANCE = 1.03;

/**
 * How to deflate a message, by samples of its bytes: the same bytes always give the same answer.
 * `available` is the message, or its beginning.
 */
export const chooseDeflate = (available: Buffer): ZlibOptions => {
  if (available.length <= SAMPLE_ABOVE_BYTES) return BEST;
  const middle = (available.length - SAMPLE_BYTES) >>> 1;
  const sample = Buffer.concat([available.subarray(middle, middle + SAMPLE_BYTES), available.subarray(available.length - SAMPLE_BYTES)]);
  const best = deflateRawSync(sample, BEST).length;
  return deflateRawSync(sample, HUFFMAN_ONLY).length <= best * HUFFMAN_TOLERANCE ? HUFFMAN_ONLY : BEST;
};

/** Takes over a body that comes deflated, or is known not to gain from it; the caller has made sure that `packed` is of these bytes. */
export const takeOver = (body: Buffer, packed: PackedBody): PreparedBody => ({ ...packed, sizeBytes: body.length, crc32: crc32(body) });

/** Hashes a message and deflates it; stored as it is where deflating wins nothing. Takes some 15 ms a megabyte. */
export const prepareBody = (body: Buffer): PreparedBody => {
  const sums = { sizeBytes: body.length, crc32: crc32(body), sha256: createHash('sha256').update(body).digest('hex') };
  // One block of the right size, instead of many that are put together.
  const deflated = deflateRawSync(body, { ...chooseDeflate(body), chunkSize: Math.max(64, body.length) });
  return deflated.length < body.length ? { method: 'deflate', data: deflated, ...sums } : { method: 'store', data: body, ...sums };
};

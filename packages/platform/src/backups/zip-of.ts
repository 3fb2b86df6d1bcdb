import { once } from 'node:events';
import { Readable } from 'node:stream';
import type { ZipArchive } from 'archiver';

/** A file to be. */
export interface ZipEntry {
  readonly name: string;
  readonly date: Date;
  readonly sizeBytes: number;
  /** Its bytes in pieces, from the beginning. */
  readonly read: () => Iterable<Buffer>;
}

/** An entry of more than that is never in memory as a whole, and deflated; to deflate each small one would take five times as long. */
const WHOLE_BYTES = 1024 * 1024;
/** Mail is mostly base64, from which the higher levels win little. */
const LEVEL = 1;
const PIECE_BYTES = 256 * 1024;

const HEADERS_BYTES = 30 + 24 + 46 + 56;
const END_BYTES = 56 + 20 + 22;

/** No more than that is what an entry adds to a ZIP: its bytes, at worst stored in blocks of deflate, and its headers. */
export const entryBytesAtMost = ({ name, sizeBytes }: ZipEntry): number =>
  sizeBytes + Math.ceil(sizeBytes / 1024) + 64 + HEADERS_BYTES + 2 * Buffer.byteLength(name);

/** What a ZIP without entries has, at most. */
export const EMPTY_ZIP_BYTES = END_BYTES;

const sourceOf = ({ sizeBytes, read }: ZipEntry): Buffer | Readable =>
  sizeBytes > WHOLE_BYTES ? Readable.from(read(), { objectMode: false }) : Buffer.concat([...read()]);

/** One at a time: archiver queues what it is given, without a bound. */
const feed = async (archive: ZipArchive, entries: Iterable<ZipEntry>, signal: AbortSignal): Promise<void> => {
  for (const entry of entries) {
    const source = sourceOf(entry);
    // Archiver does not tell of a source that breaks.
    if (source instanceof Readable) source.once('error', (error) => archive.destroy(error));
    const appended = once(archive, 'entry', { signal });
    archive.append(source, { name: entry.name, date: entry.date, store: Buffer.isBuffer(source) });
    await appended;
  }
  // Waits for a reader that may have gone; the end of the iteration tells the same.
  archive.finalize().catch((error: Error) => archive.destroy(error));
};

/** The same bytes in fewer pieces: archiver gives one for every header. */
async function* gathered(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  let waiting: Buffer[] = [];
  let bytes = 0;
  for await (const piece of pieces) {
    waiting.push(piece);
    bytes += piece.length;
    if (bytes < PIECE_BYTES) continue;
    yield Buffer.concat(waiting);
    waiting = [];
    bytes = 0;
  }
  yield Buffer.concat(waiting);
}

/** A ZIP of the entries, in pieces, made as it is read. Names have to be safe and different. */
export async function* zipOf(entries: Iterable<ZipEntry>): AsyncGenerator<Buffer, void, undefined> {
  const { ZipArchive } = await import('archiver');
  const archive = new ZipArchive({ zlib: { level: LEVEL } });
  const abort = new AbortController();
  const fed = feed(archive, entries, abort.signal).catch((error: Error) => {
    archive.destroy(error);
  });
  try {
    yield* gathered(archive as AsyncIterable<Buffer>);
  } finally {
    abort.abort();
    archive.destroy();
    await fed;
  }
}

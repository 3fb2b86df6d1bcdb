import type { BackupLimits } from './backup-limits.ts';
import { EMPTY_ZIP_BYTES, entryBytesAtMost, type ZipEntry } from './zip-of.ts';

/** A message that no part can hold. */
export class EntryTooLarge extends Error {
  override readonly name = 'EntryTooLarge';
}

/**
 * Cuts the entries into parts that stay within the limits, however badly they compress (SPEC B2); an entry is never cut. Each part
 * has to be read to its end before the next is asked for. @throws EntryTooLarge
 */
export function* partsOf(entries: Iterable<ZipEntry>, limits: BackupLimits): Generator<Iterable<ZipEntry>, void, undefined> {
  const source = Iterator.from(entries);
  let next = source.next();
  function* part(): Generator<ZipEntry, void, undefined> {
    let bytes = EMPTY_ZIP_BYTES;
    for (let count = 0; !next.done && count < limits.partMessages; count += 1) {
      const entry = next.value;
      bytes += entryBytesAtMost(entry);
      if (bytes > limits.partBytes) {
        if (count > 0) return;
        throw new EntryTooLarge(`A message of ${entry.sizeBytes} bytes does not fit into a part of ${limits.partBytes}`);
      }
      yield entry;
      next = source.next();
    }
  }
  while (!next.done) yield part();
}

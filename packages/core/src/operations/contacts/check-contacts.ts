import { isRejected, type RejectedRow } from '../../contacts/contact-format.ts';
import { requiredProblem } from '../../contacts/required-fields.ts';
import { throwIfCancelled } from '../../errors.ts';
import type { OnProgress } from '../progress.ts';
import { ProgressMeter } from '../progress-meter.ts';
import { type ContactReading, type ContactSource, openContacts } from './contact-source.ts';
import { type RejectionCount, RejectionTally } from './contact-tally.ts';

/** SPEC C3. */
export const IMPORT_ROWS = 1000;

/** What is wrong with a row: it can't be taken, or its address stands in an earlier row too. */
export type CheckedRow =
  | (RejectedRow & { readonly kind: 'rejected' })
  | { readonly kind: 'duplicate'; readonly row: number; readonly firstRow: number; readonly email: string };

export interface CheckContactsOptions extends ContactReading {
  readonly path: string;
  /** Takes each row that is not in order, in the order of the file; the next one comes when it is done. */
  readonly onRow: (row: CheckedRow) => Promise<void> | void;
  readonly onProgress?: OnProgress | undefined;
  readonly signal: AbortSignal;
}

export interface CheckContactsReport {
  readonly kind: 'contacts-checked';
  readonly path: string;
  readonly detected: ContactSource['detected'];
  readonly encoding: ContactSource['encoding'];
  readonly head: ContactSource['head'];
  /** Rows that hold something. */
  readonly rows: number;
  /** Of them: can be imported, duplicates among them. */
  readonly contacts: number;
  readonly rejected: number;
  readonly rejections: readonly RejectionCount[];
  readonly duplicates: number;
  /** Imports that the contacts make, 1,000 each (SPEC C3). */
  readonly imports: number;
}

const REQUIRED = ['name', 'email'] as const;

/** Tells which rows of an address book a hoster would not take, and why (SPEC C4). Errors: those of `openContacts`. */
export const checkContacts = async ({
  path,
  onRow,
  onProgress,
  signal,
  ...reading
}: CheckContactsOptions): Promise<CheckContactsReport> => {
  const source = await openContacts(path, reading, signal);
  const { head, detected, encoding, sizeBytes } = source;
  const progress = new ProgressMeter(onProgress);
  progress.begin('checking', { bytes: sizeBytes });
  const rejections = new RejectionTally();
  const firstRows = new Map<string, number>();
  let [rows, contacts, duplicates, bytes] = [0, 0, 0, 0];
  const reject = async (rejected: RejectedRow): Promise<void> => {
    rejections.add(rejected);
    await onRow({ ...rejected, kind: 'rejected' });
  };
  for await (const batch of source.rows((count) => (bytes += count))) {
    throwIfCancelled(signal);
    for (const read of batch) {
      rows += 1;
      if (isRejected(read)) {
        await reject(read);
        continue;
      }
      const reason = requiredProblem(read.contact, REQUIRED);
      if (reason !== null) {
        const column = (reason === 'name-missing' ? head?.nameColumn : head?.emailColumn) ?? null;
        await reject({ row: read.row, line: 0, column, reason });
        continue;
      }
      contacts += 1;
      const email = read.contact.emails[0]?.address.trim().toLowerCase() ?? '';
      const firstRow = firstRows.get(email);
      if (firstRow === undefined) firstRows.set(email, read.row);
      else {
        duplicates += 1;
        await onRow({ kind: 'duplicate', row: read.row, firstRow, email });
      }
    }
    progress.advance(batch.length, bytes);
    bytes = 0;
  }
  return {
    ...{ kind: 'contacts-checked', path, detected, encoding, head, rows, contacts },
    ...{ rejected: rejections.total, rejections: rejections.list(), duplicates },
    imports: Math.ceil(contacts / IMPORT_ROWS),
  };
};

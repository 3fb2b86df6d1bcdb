import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Disk, nodeDisk } from '../../archive/disk.ts';
import type { AddressBook, AddressBookTarget, ExportForm } from '../../target/address-book-target.ts';
import type { OnProgress } from '../progress.ts';
import type { ContactWriting, ConvertContactsReport } from './conversion-report.ts';
import { convertContacts } from './convert-contacts.ts';

export interface DownloadContactsOptions extends ContactWriting {
  readonly book: AddressBook;
  /** The form that the platform exports (SPEC C2). */
  readonly form: ExportForm;
  /** Replaced if it is there. In `to`'s format; without it, in the platform's form as it came. */
  readonly out: string;
  /** A CSV file that lists every rejected row and everything that was lost. */
  readonly details?: string | undefined;
  readonly source: AddressBookTarget;
  /** Default: the machine's own. */
  readonly disk?: Disk;
  readonly onProgress?: OnProgress | undefined;
  readonly signal: AbortSignal;
}

export interface DownloadContactsReport {
  readonly kind: 'contacts-downloaded';
  readonly book: AddressBook;
  readonly form: ExportForm;
  readonly contacts: number;
  /** What the platform left out of the file, as it says. */
  readonly leftOut: readonly { readonly field: string; readonly contacts: number }[];
  readonly written: ConvertContactsReport;
}

/** The platform's Outlook form has the header row of Outlook in English. */
const FORMATS: Readonly<Record<ExportForm, string>> = { ecount: 'ecount', outlook: 'outlook-en' };

/** Writes an address book of the platform into a file. Errors: those of `convertContacts` and of the platform. */
export const downloadContacts = async (options: DownloadContactsOptions): Promise<DownloadContactsReport> => {
  const { book, form, out, source, signal, disk = nodeDisk, onProgress, to, ...writing } = options;
  const { contacts, lost } = await source.exportLosses(book, form, signal);
  const from = FORMATS[form];
  // What is read takes the guards off again, which only a file that goes through as it is must not have.
  const isPassed = writing.isRaw === true && (to ?? from) === from;
  const bytes = await source.exportContacts(book, form, isPassed, signal);
  const folder = await mkdtemp(join(tmpdir(), 'mailferry-contacts-'));
  try {
    const path = join(folder, 'export.csv');
    await writeFile(path, bytes, { mode: 0o600 });
    const written = await convertContacts({
      ...writing,
      paths: [path],
      from,
      encoding: 'utf-8',
      to: to ?? from,
      out,
      disk,
      onProgress,
      signal,
    });
    return { kind: 'contacts-downloaded', book, form, contacts, leftOut: lost, written };
  } finally {
    await rm(folder, { recursive: true });
  }
};

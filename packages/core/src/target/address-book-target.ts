/** One's own address book, or the one of the office, which administrators write and everybody reads (SPEC C5). */
export type AddressBook = 'mine' | 'shared';

/** A form that address books are exported in (SPEC C2). */
export type ExportForm = 'ecount' | 'outlook';

/** Contacts on their way into an address book: at most 1,000 (SPEC C3), as a CSV file in UTF-8. */
export interface ContactImport {
  readonly book: AddressBook;
  readonly form: 'ecount' | 'excel' | 'mailplug-book';
  readonly csv: Buffer;
  /** Same key, same import: sending again after a lost answer doubles nothing. */
  readonly idempotencyKey: string;
}

/** What the target made of an import. */
export interface ImportAnswer {
  readonly imported: number;
  readonly rejected: readonly { readonly row: number; readonly column: string | null; readonly reason: string }[];
}

/** What the target made of an org chart. */
export interface OrgChartAnswer {
  readonly placed: number;
  readonly rejected: ImportAnswer['rejected'];
}

/** A hosting platform that has address books. All calls throw a MailferryError. */
export interface AddressBookTarget {
  importContacts(file: ContactImport, signal: AbortSignal): Promise<ImportAnswer>;
  /** Puts accounts into departments; for administrators. At most 1,000 rows of the Mailplug org chart's form. */
  importOrgChart(csv: Buffer, signal: AbortSignal): Promise<OrgChartAnswer>;
  /** The whole book as a CSV file in UTF-8 with a byte order mark; `isRaw`: with cells that a spreadsheet would run as formulas (SPEC C11). */
  exportContacts(book: AddressBook, form: ExportForm, isRaw: boolean, signal: AbortSignal): Promise<Buffer>;
  /** What such a file leaves out: fields, with the number of contacts that have something in them. */
  exportLosses(
    book: AddressBook,
    form: ExportForm,
    signal: AbortSignal,
  ): Promise<{ contacts: number; lost: { field: string; contacts: number }[] }>;
}

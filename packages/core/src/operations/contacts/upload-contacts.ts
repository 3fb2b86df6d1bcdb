import { randomUUID } from 'node:crypto';
import type { Contact } from '../../contacts/contact.ts';
import { forEachFact } from '../../contacts/contact-facts.ts';
import { type ContactFormat, type ContactWriter, isRejected, type ReadRow, type RejectedRow } from '../../contacts/contact-format.ts';
import { CONTACT_FORMATS } from '../../contacts/contact-formats.ts';
import { contactLosses } from '../../contacts/contact-losses.ts';
import { requiredProblem } from '../../contacts/required-fields.ts';
import { isMailferryError, MailferryError } from '../../errors.ts';
import type { AddressBook, AddressBookTarget, ContactImport, ImportAnswer } from '../../target/address-book-target.ts';
import type { OnProgress } from '../progress.ts';
import { ProgressMeter } from '../progress-meter.ts';
import { IMPORT_ROWS } from './check-contacts.ts';
import { type ContactReading, type ContactSource, openContacts } from './contact-source.ts';
import { type FieldLoss, LossTally, type RejectionCount, RejectionTally } from './contact-tally.ts';

export interface UploadContactsOptions extends ContactReading {
  readonly path: string;
  readonly book: AddressBook;
  readonly target: AddressBookTarget;
  readonly onProgress?: OnProgress | undefined;
  readonly signal: AbortSignal;
}

/** A row that the target refused. */
interface RefusedRow {
  readonly row: number;
  readonly column: string | null;
  /** In the target's words. */
  readonly reason: string;
}

export interface UploadContactsReport {
  readonly kind: 'contacts-uploaded';
  readonly path: string;
  readonly detected: ContactSource['detected'];
  readonly book: AddressBook | 'org-chart';
  /** Rows that held something: each is in exactly one of the figures below. */
  readonly rows: number;
  readonly imported: number;
  /** The book held them already, in every field. */
  readonly present: number;
  /** Not sent. */
  readonly rejected: number;
  readonly rejections: readonly RejectionCount[];
  /** The first 1,000. */
  readonly rejectedRows: readonly RejectedRow[];
  /** Sent, and refused by the target. */
  readonly refused: number;
  /** The first 1,000. */
  readonly refusedRows: readonly RefusedRow[];
  /** Imported, as the target says, and not in the book when it was read afterwards; rows. The first 1,000. */
  readonly missing: readonly number[];
  readonly losses: readonly FieldLoss[];
}

const MAX_LISTED = 1000;
const TRIES = 3;
const REQUIRED = ['name', 'email'] as const;
/** Forms that the target imports as they are. */
const IMPORTED_FORMS: readonly string[] = ['ecount', 'excel', 'mailplug-book'] satisfies ContactImport['form'][];
const ORG_CHART = 'mailplug-org-chart';

const formatOf = (id: string): ContactFormat => {
  const format = CONTACT_FORMATS.get(id);
  if (!format) throw new MailferryError('internal', { reason: `there is no format ${id}` });
  return format;
};

const isImportForm = (id: string): id is ContactImport['form'] => IMPORTED_FORMS.includes(id);

/** Everything that a contact says, in one line that is the same for the same contact. */
const fingerprint = (contact: Contact): string => {
  const facts: string[] = [];
  forEachFact(contact, (field, value) => facts.push(`${field}\0${value.replace(/\r\n?/g, '\n').trim()}`));
  return facts.toSorted().join('\u0001');
};

/** Counts equal contacts. */
class Holdings {
  readonly #counts = new Map<string, number>();

  add(contact: Contact): void {
    const key = fingerprint(contact);
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  /** Takes one that is equal away; false if there is none left. */
  take(contact: Contact): boolean {
    const key = fingerprint(contact);
    const count = this.#counts.get(key) ?? 0;
    if (count > 0) this.#counts.set(key, count - 1);
    return count > 0;
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

const holdingsOf = async (target: AddressBookTarget, book: AddressBook, signal: AbortSignal): Promise<Holdings> => {
  const holdings = new Holdings();
  const file = await target.exportContacts(book, 'ecount', false, signal);
  for await (const batch of formatOf('ecount').read(once(file), { encoding: 'utf-8' })) {
    for (const row of batch) if (!isRejected(row)) holdings.add(row.contact);
  }
  return holdings;
};

/** A contact on its way. */
interface Outgoing {
  readonly row: number;
  readonly text: string;
  readonly held: Contact;
}

/** Sends one import until there is an answer; the same import again doubles nothing. */
const send = async (work: () => Promise<ImportAnswer>): Promise<ImportAnswer> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt === TRIES || !isMailferryError(error, 'connection-lost', 'connection-stalled')) throw error;
    }
  }
};

/** One file on its way into one book. */
class ContactsUpload {
  readonly #options: UploadContactsOptions;
  readonly #source: ContactSource;
  readonly #form: ContactFormat;
  readonly #writer: ContactWriter;
  readonly #rejections = new RejectionTally();
  readonly #rejectedRows: RejectedRow[] = [];
  readonly #refusedRows: RefusedRow[] = [];
  readonly #losses = new LossTally();
  readonly #accepted: Outgoing[] = [];
  #queue: Outgoing[] = [];
  #present: Holdings | null = null;
  #presentCount = 0;
  #rows = 0;
  #imported = 0;
  #refused = 0;

  constructor(options: UploadContactsOptions, source: ContactSource) {
    const { id } = source.format;
    this.#options = options;
    this.#source = source;
    this.#form = id === ORG_CHART || isImportForm(id) ? source.format : formatOf('excel');
    // The target reads formulas as text, and shows them as text.
    this.#writer = this.#form.createWriter({ isRaw: false, withNationalId: false });
  }

  get #isOrgChart(): boolean {
    return this.#form.id === ORG_CHART;
  }

  async run(): Promise<UploadContactsReport> {
    const { target, book, signal, onProgress } = this.#options;
    const progress = new ProgressMeter(onProgress);
    progress.begin('uploading', { bytes: this.#source.sizeBytes });
    if (!this.#isOrgChart) this.#present = await holdingsOf(target, book, signal);
    let bytes = 0;
    for await (const batch of this.#source.rows((count) => (bytes += count))) {
      for (const row of batch) this.#take(row);
      while (this.#queue.length >= IMPORT_ROWS) await this.#send();
      progress.advance(batch.length, bytes);
      bytes = 0;
    }
    if (this.#queue.length > 0) await this.#send();
    return this.#report(this.#isOrgChart ? [] : await this.#missing());
  }

  #take(read: ReadRow): void {
    this.#rows += 1;
    const problem = isRejected(read) ? read : this.#problem(read.row, read.contact);
    if (problem) {
      this.#rejections.add(problem);
      if (this.#rejectedRows.length < MAX_LISTED) this.#rejectedRows.push(problem);
      return;
    }
    if (isRejected(read)) return;
    const { row, contact } = read;
    const { text, held } = this.#writer.print(contact);
    for (const loss of contactLosses(contact, held)) this.#losses.add(row, loss);
    if (this.#present?.take(held)) this.#presentCount += 1;
    else this.#queue.push({ row, text, held });
  }

  #problem(row: number, contact: Contact): RejectedRow | null {
    const reason = requiredProblem(contact, REQUIRED);
    const { head } = this.#source;
    const column = (reason === 'name-missing' ? head?.nameColumn : head?.emailColumn) ?? null;
    return reason === null ? null : { row, line: 0, column, reason };
  }

  async #send(): Promise<void> {
    const { target, book, signal } = this.#options;
    const sent = this.#queue.slice(0, IMPORT_ROWS);
    this.#queue = this.#queue.slice(IMPORT_ROWS);
    const csv = Buffer.from(this.#writer.head + sent.map(({ text }) => text).join(''));
    const idempotencyKey = randomUUID();
    const { id } = this.#form;
    const form = isImportForm(id) ? id : 'excel';
    const answer = await send(async () => {
      if (!this.#isOrgChart) return target.importContacts({ book, form, csv, idempotencyKey }, signal);
      const { placed, rejected } = await target.importOrgChart(csv, signal);
      return { imported: placed, rejected };
    });
    this.#imported += answer.imported;
    this.#refused += answer.rejected.length;
    const refused = new Set<number>();
    for (const { row, column, reason } of answer.rejected) {
      // The header row of what was sent is 1.
      refused.add(row - 2);
      if (this.#refusedRows.length < MAX_LISTED) this.#refusedRows.push({ row: sent[row - 2]?.row ?? 0, column, reason });
    }
    for (const [index, one] of sent.entries()) if (!refused.has(index)) this.#accepted.push(one);
  }

  /** Rows that the target said it had imported, and that its book does not hold. */
  async #missing(): Promise<number[]> {
    if (this.#accepted.length === 0) return [];
    const { target, book, signal } = this.#options;
    const holdings = await holdingsOf(target, book, signal);
    return this.#accepted.filter(({ held }) => !holdings.take(held)).map(({ row }) => row);
  }

  #report(missing: readonly number[]): UploadContactsReport {
    return {
      kind: 'contacts-uploaded',
      path: this.#source.path,
      detected: this.#source.detected,
      book: this.#isOrgChart ? 'org-chart' : this.#options.book,
      rows: this.#rows,
      imported: this.#imported,
      present: this.#presentCount,
      rejected: this.#rejections.total,
      rejections: this.#rejections.list(),
      rejectedRows: this.#rejectedRows,
      refused: this.#refused,
      refusedRows: this.#refusedRows,
      missing: missing.slice(0, MAX_LISTED),
      losses: this.#losses.list(),
    };
  }
}

/**
 * Puts the contacts of a file into an address book, 1,000 at a time (SPEC C3, C5); an org chart of Mailplug puts accounts into departments.
 * Contacts that the book holds already are left alone, so that the same upload again changes nothing. At the end the book is read and
 * compared. Errors: those of `openContacts` and of the target.
 */
export const uploadContacts = async (options: UploadContactsOptions): Promise<UploadContactsReport> => {
  const source = await openContacts(options.path, options, options.signal);
  return new ContactsUpload(options, source).run();
};

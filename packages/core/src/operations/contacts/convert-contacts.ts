import { type Disk, nodeDisk } from '../../archive/disk.ts';
import type { Contact } from '../../contacts/contact.ts';
import type { ContactFact } from '../../contacts/contact-facts.ts';
import {
  type ContactFormat,
  type ContactWriter,
  isRejected,
  type ReadRow,
  type RejectedRow,
  type Widths,
} from '../../contacts/contact-format.ts';
import { contactLosses, withoutPasswords } from '../../contacts/contact-losses.ts';
import { requiredProblem } from '../../contacts/required-fields.ts';
import { isMailferryError, MailferryError, throwIfCancelled } from '../../errors.ts';
import type { OnProgress } from '../progress.ts';
import { ProgressMeter } from '../progress-meter.ts';
import { ContactDetails } from './contact-details.ts';
import { ContactEncoder, type OutputEncoding, type PrintedRow } from './contact-encoder.ts';
import { type ContactReading, type ContactSource, contactFormat, openContacts } from './contact-source.ts';
import { type FieldLoss, LossTally, type RejectionCount, RejectionTally } from './contact-tally.ts';
import { checkOutputs, splitPath } from './output-path.ts';

/** How a file is written. */
export interface ContactWriting {
  /** Id of a format. Default: that of the (first) file. */
  readonly to?: string | undefined;
  /** CSV only. Default: UTF-8 with a byte order mark. */
  readonly outputEncoding?: OutputEncoding | undefined;
  /** Cells that a spreadsheet would run as formulas stay as they are (SPEC C11). */
  readonly isRaw?: boolean | undefined;
  /** National ids are written; they are withheld otherwise (SPEC C11). */
  readonly withNationalId?: boolean | undefined;
  /** What happens to contacts without a name or an address. Default: rejected where the target form requires both (SPEC C4), else kept. */
  readonly incomplete?: 'reject' | 'keep' | undefined;
}

export interface ConvertContactsOptions extends ContactReading, ContactWriting {
  /** Read one behind the other. */
  readonly paths: readonly string[];
  /** Replaced if it is there. With `rowsPerFile`, `-001` and so on goes in front of its extension. */
  readonly out: string;
  /** Contacts of one file (SPEC C3). Default: all in one. */
  readonly rowsPerFile?: number | undefined;
  /** A CSV file that lists every rejected row and everything that was lost. */
  readonly details?: string | undefined;
  /** Default: the machine's own. */
  readonly disk?: Disk;
  readonly onProgress?: OnProgress | undefined;
  readonly signal: AbortSignal;
}

/** What a contact said that became a part of another one, and that one doesn't say. */
export interface Conflict extends ContactFact {
  readonly path: string;
  readonly row: number;
}

/** A contact in the place of another one. */
interface Replacement {
  readonly contact: Contact;
  readonly conflicts: readonly Conflict[];
}

/** What becomes of a contact on its way: it stays, is left out, or another one stands in its place. */
export type Edit = () => 'keep' | 'skip' | Replacement;

/** A row of one of several files. */
interface RejectedIn extends RejectedRow {
  readonly path: string;
}

export interface ConvertContactsReport {
  readonly kind: 'contacts-converted';
  readonly sources: readonly {
    readonly path: string;
    readonly detected: ContactSource['detected'];
    readonly encoding: ContactSource['encoding'];
    readonly unknownColumns: readonly string[];
  }[];
  readonly to: string;
  readonly files: readonly { readonly path: string; readonly contacts: number }[];
  /** Rows that held something; each was written, rejected or joined with another one. */
  readonly rows: number;
  readonly written: number;
  readonly joined: number;
  readonly rejected: number;
  readonly rejections: readonly RejectionCount[];
  /** The first 1,000. */
  readonly rejectedRows: readonly RejectedIn[];
  /** Written without a name or an e-mail address; hosters don't take them (SPEC C4). Not counted where rows went through as they were. */
  readonly incomplete: number;
  /** The first of their rows. */
  readonly incompleteRows: readonly number[];
  readonly losses: readonly FieldLoss[];
  /** Contacts that lost something. */
  readonly contactsWithLosses: number;
  /** The list of rejected rows and losses, if one was wanted. */
  readonly details: string | null;
  /** Rows went through as they were: the format is the same. */
  readonly isPassedThrough: boolean;
}

const MAX_LISTED = 1000;
const SHOWN_INCOMPLETE = 10;
/** Rows by which the number of numbered columns is guessed. */
const SAMPLE_ROWS = 2000;
const BOTH = ['name', 'email'] as const;

/** The numbered columns are too few for a later row; the run begins again with these. */
class TooNarrow extends Error {
  readonly widths: Widths;

  constructor(widths: Widths) {
    super('more columns are needed');
    this.widths = widths;
  }
}

interface Job {
  readonly sources: readonly ContactSource[];
  readonly to: ContactFormat;
  readonly options: ConvertContactsOptions;
  readonly disk: Disk;
  readonly progress: ProgressMeter;
  readonly details: ContactDetails | null;
  /** Begins the edits of one pass, for every contact in its order. */
  readonly beginEdits: () => Edit;
  /** Nothing is written: to find out whether the encoding holds every row before the first of several files is in its place. */
  readonly isTrial: boolean;
  /** The header row that all the sources have, if the target is of their format. */
  readonly passed: { readonly headers: readonly string[] | undefined } | null;
}

const passedLayout = (sources: readonly ContactSource[], to: ContactFormat, map: ContactReading['map']): Job['passed'] => {
  const [first] = sources;
  if (!first || (map && map.size > 0) || sources.some(({ format }) => format.id !== to.id)) return null;
  const headers = first.head?.headers;
  const isSame = sources.every(({ head }) => String(head?.headers) === String(headers));
  return isSame ? { headers } : null;
};

/** One pass over the sources. */
class Conversion {
  readonly #job: Job;
  readonly #writer: ContactWriter;
  readonly #encoder: ContactEncoder;
  readonly #rejections = new RejectionTally();
  readonly #rejectedRows: RejectedIn[] = [];
  readonly #losses = new LossTally();
  readonly #files: { path: string; contacts: number }[] = [];
  readonly #incompleteRows: number[] = [];
  readonly #isKeeping: boolean;
  readonly #edit: Edit;
  #joined = 0;
  #rows = 0;
  #written = 0;
  #incomplete = 0;
  #contactsWithLosses = 0;

  constructor(job: Job, widths: Widths) {
    const { options, to, passed } = job;
    this.#job = job;
    this.#edit = job.beginEdits();
    this.#encoder = new ContactEncoder(options.outputEncoding ?? 'utf-8');
    this.#isKeeping = options.incomplete === undefined ? to.requires.length === 0 : options.incomplete === 'keep';
    this.#writer = to.createWriter({
      isRaw: options.isRaw ?? false,
      withNationalId: options.withNationalId ?? false,
      headers: passed?.headers,
      widths,
    });
  }

  /** Writes the files. @throws TooNarrow */
  async run(): Promise<void> {
    const { options, details } = this.#job;
    await details?.begin();
    const rows = this.#printed()[Symbol.asyncIterator]();
    const pending: PrintedRow[] = [];
    const limit = options.rowsPerFile ?? Number.POSITIVE_INFINITY;
    do {
      await this.#writeFile(rows, pending, limit);
    } while (await this.#fill(rows, pending));
    this.#encoder.end();
    await details?.end();
  }

  async #fill(rows: AsyncIterator<readonly PrintedRow[]>, pending: PrintedRow[]): Promise<boolean> {
    while (pending.length === 0) {
      const next = await rows.next();
      if (next.done) return false;
      for (const row of next.value) pending.push(row);
    }
    return true;
  }

  async #writeFile(rows: AsyncIterator<readonly PrintedRow[]>, pending: PrintedRow[], limit: number): Promise<void> {
    const path = this.#nextPath();
    let contacts = 0;
    const bytes = async function* (this: Conversion): AsyncGenerator<Uint8Array> {
      yield this.#encoder.head(this.#writer.head, this.#job.to.family === 'csv');
      while (contacts < limit && (await this.#fill(rows, pending))) {
        const batch = pending.splice(0, limit - contacts);
        contacts += batch.length;
        yield this.#encoder.encode(batch);
      }
      if (this.#writer.needed !== null) throw new TooNarrow(this.#writer.needed);
      // A file that the encoding can't hold is not put in place.
      if (!this.#job.isTrial) this.#encoder.end();
    };
    try {
      if (this.#job.isTrial) for await (const _ of bytes.call(this));
      else await this.#job.disk.replace(path, bytes.call(this));
    } catch (error) {
      await this.#job.disk.remove(`${path}.new`);
      throw error;
    }
    this.#files.push({ path, contacts });
  }

  #nextPath(): string {
    const { out, rowsPerFile } = this.#job.options;
    return rowsPerFile === undefined ? out : splitPath(out, this.#files.length + 1);
  }

  async *#printed(): AsyncGenerator<readonly PrintedRow[]> {
    const { sources, progress, details, options } = this.#job;
    for (const source of sources) {
      let bytes = 0;
      for await (const batch of source.rows((count) => (bytes += count))) {
        throwIfCancelled(options.signal);
        const printed: PrintedRow[] = [];
        for (const row of batch) this.#take(source, row, printed);
        progress.advance(batch.length, bytes, source.path);
        bytes = 0;
        await details?.flush();
        yield printed;
      }
      progress.advance(0, bytes, source.path);
    }
  }

  #take(source: ContactSource, read: ReadRow, printed: PrintedRow[]): void {
    this.#rows += 1;
    if (isRejected(read)) {
      this.#reject(source, read);
      return;
    }
    const { row, record } = read;
    const edited = this.#edit();
    if (edited === 'skip') {
      this.#joined += 1;
      return;
    }
    // A file of a form that takes every contact, and is written in that form, needs no look inside.
    const isPassed = this.#job.passed !== null && edited === 'keep';
    const { contact, conflicts } = edited === 'keep' ? { contact: read.contact, conflicts: [] } : edited;
    if (!(isPassed && this.#isKeeping) && !this.#isAccepted(source, row, contact)) return;
    const passed = isPassed ? this.#writer.printRecord(record) : null;
    if (passed === null) this.#print(source, row, contact, conflicts, printed);
    else {
      this.#written += 1;
      printed.push({ row, text: passed });
    }
  }

  /** SPEC C4. */
  #isAccepted(source: ContactSource, row: number, contact: Contact): boolean {
    const problem = requiredProblem(contact, BOTH);
    if (problem === null) return true;
    if (!this.#isKeeping) {
      const column = (problem === 'name-missing' ? source.head?.nameColumn : source.head?.emailColumn) ?? null;
      this.#reject(source, { row, line: 0, column, reason: problem });
      return false;
    }
    this.#incomplete += 1;
    if (this.#incompleteRows.length < SHOWN_INCOMPLETE) this.#incompleteRows.push(row);
    return true;
  }

  #print(source: ContactSource, row: number, contact: Contact, conflicts: readonly Conflict[], printed: PrintedRow[]): void {
    const { details } = this.#job;
    const isSameFormat = source.format.id === this.#job.to.id;
    const { text, held } = this.#writer.print(isSameFormat ? contact : withoutPasswords(contact));
    // From now on only the number of columns is of interest.
    if (this.#writer.needed !== null) return;
    const losses = contactLosses(contact, held);
    if (losses.length + conflicts.length > 0) this.#contactsWithLosses += 1;
    for (const { path, row: from, ...fact } of conflicts) {
      const loss = { ...fact, reason: 'conflict' } as const;
      this.#losses.add(from, loss, `${path}\0${from}`);
      details?.lose(path, from, loss);
    }
    for (const loss of losses) {
      this.#losses.add(row, loss, this.#rows);
      details?.lose(source.path, row, loss);
    }
    this.#written += 1;
    printed.push({ row, text });
  }

  #reject(source: ContactSource, rejected: RejectedRow): void {
    this.#rejections.add(rejected);
    this.#job.details?.reject(source.path, rejected);
    if (this.#rejectedRows.length < MAX_LISTED) this.#rejectedRows.push({ ...rejected, path: source.path });
  }

  report(): ConvertContactsReport {
    const { sources, to, passed } = this.#job;
    return {
      kind: 'contacts-converted',
      sources: sources.map(({ path, detected, encoding, head }) => ({
        path,
        detected,
        encoding,
        unknownColumns: head?.unknownColumns ?? [],
      })),
      to: to.id,
      files: this.#files,
      rows: this.#rows,
      written: this.#written,
      joined: this.#joined,
      rejected: this.#rejections.total,
      rejections: this.#rejections.list(),
      rejectedRows: this.#rejectedRows,
      incomplete: this.#incomplete,
      incompleteRows: this.#incompleteRows,
      losses: this.#losses.list(),
      contactsWithLosses: this.#contactsWithLosses,
      details: this.#job.options.details ?? null,
      isPassedThrough: passed !== null,
    };
  }
}

/** The numbered columns that the first rows take. */
const sampleWidths = async ([source]: readonly ContactSource[], to: ContactFormat, withNationalId: boolean): Promise<Widths> => {
  const widths: Widths = { email: 1, phone: 1 };
  const writer = to.createWriter({ isRaw: true, withNationalId, widths });
  let rows = 0;
  for await (const batch of source?.rows() ?? []) {
    for (const row of batch.slice(0, SAMPLE_ROWS)) if (!isRejected(row)) writer.print(withoutPasswords(row.contact));
    rows += batch.length;
    if (rows >= SAMPLE_ROWS) break;
  }
  return writer.needed ?? widths;
};

const tooNarrow = (error: unknown): Widths | null => {
  const cause = isMailferryError(error) ? error.cause : error;
  return cause instanceof TooNarrow ? cause.widths : null;
};

const runJob = async (job: Job, widths: Widths): Promise<ConvertContactsReport> => {
  const { progress, sources } = job;
  progress.begin('converting', { bytes: sources.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) });
  const conversion = new Conversion(job, widths);
  try {
    await conversion.run();
    return conversion.report();
  } catch (error) {
    const needed = tooNarrow(error);
    // A header row that was passed on has no place for more.
    if (needed) return await runJob({ ...job, passed: null }, needed);
    await job.details?.drop();
    throwIfCancelled(job.options.signal);
    throw error;
  }
};

/** Opens the files of a run. Errors: those of `openContacts`. */
export const openSources = async ({ paths, signal, ...reading }: ContactReading & Pick<ConvertContactsOptions, 'paths' | 'signal'>) => {
  const sources: ContactSource[] = [];
  for (const path of paths) sources.push(await openContacts(path, reading, signal));
  return sources;
};

/** Writes the contacts of files that were opened, edited on their way. Errors: those of `convertContacts`, but for reading. */
export const writeContacts = async (
  options: ConvertContactsOptions,
  sources: readonly ContactSource[],
  beginEdits: () => Edit,
): Promise<ConvertContactsReport> => {
  const { disk = nodeDisk, outputEncoding, rowsPerFile } = options;
  const [first] = sources;
  if (!first) throw new MailferryError('option-invalid', { option: 'paths', reason: 'at least one file' });
  if (rowsPerFile !== undefined && !(Number.isInteger(rowsPerFile) && rowsPerFile > 0)) {
    throw new MailferryError('option-invalid', { option: '--rows', reason: 'a whole number from 1 on' });
  }
  const to = options.to === undefined ? first.format : contactFormat(options.to, '--to');
  if (outputEncoding === 'cp949' && to.family !== 'csv') {
    throw new MailferryError('option-invalid', { option: '--output-encoding', reason: `${to.id} files are in UTF-8` });
  }
  await checkOutputs(options);
  const details = options.details === undefined ? null : new ContactDetails(disk, options.details);
  const progress = new ProgressMeter(options.onProgress);
  const passed = passedLayout(sources, to, options.map);
  const job = { sources, to, options, disk, progress, details, beginEdits, passed, isTrial: false };
  const widths = passed ? {} : await sampleWidths(sources, to, options.withNationalId ?? false);
  if (rowsPerFile !== undefined && outputEncoding === 'cp949') await runJob({ ...job, details: null, isTrial: true }, widths);
  return runJob(job, widths);
};

/**
 * Writes address books in a format: row by row, in flat memory. A file is in its place when it is whole, or not at all. What the
 * format can't hold is found by reading every written contact back. Rows that can't be taken are counted and listed, the others go on.
 * @throws MailferryError those of `openContacts`, `option-invalid`, `contacts-not-encodable`, `disk-full`, `disk-failed`
 */
export const convertContacts = async (options: ConvertContactsOptions): Promise<ConvertContactsReport> =>
  writeContacts(options, await openSources(options), () => () => 'keep');

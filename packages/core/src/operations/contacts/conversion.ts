import type { Disk } from '../../archive/disk.ts';
import type { Contact } from '../../contacts/contact.ts';
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
import { throwIfCancelled } from '../../errors.ts';
import type { ProgressMeter } from '../progress-meter.ts';
import type { ContactDetails } from './contact-details.ts';
import { ContactEncoder, type PrintedRow } from './contact-encoder.ts';
import type { ContactSource } from './contact-source.ts';
import { LossTally, RejectionTally } from './contact-tally.ts';
import type { ConvertContactsOptions, ConvertContactsReport, Edit, RejectedIn, Replacement } from './conversion-report.ts';
import { splitPath } from './output-path.ts';

const MAX_LISTED = 1000;
const SHOWN_INCOMPLETE = 10;
const BOTH = ['name', 'email'] as const;

/** The numbered columns are too few for a later row; the run begins again with these. */
export class TooNarrow extends Error {
  readonly widths: Widths;

  constructor(widths: Widths) {
    super('more columns are needed');
    this.widths = widths;
  }
}

/** What all passes of one run share. */
export interface ConversionJob {
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

/** One pass over the sources. */
export class Conversion {
  readonly #job: ConversionJob;
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

  constructor(job: ConversionJob, widths: Widths) {
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
    if (!(isPassed && this.#isKeeping) && !this.#isAccepted(source, row, edited === 'keep' ? read.contact : edited.contact)) return;
    const passed = isPassed ? this.#writer.printRecord(record) : null;
    if (passed === null) this.#print(source, row, edited === 'keep' ? { contact: read.contact, conflicts: [] } : edited, printed);
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

  #print(source: ContactSource, row: number, { contact, conflicts }: Replacement, printed: PrintedRow[]): void {
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

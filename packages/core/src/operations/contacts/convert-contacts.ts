import { nodeDisk } from '../../archive/disk.ts';
import { type ContactFormat, isRejected, type Widths } from '../../contacts/contact-format.ts';
import { withoutPasswords } from '../../contacts/contact-losses.ts';
import { isMailferryError, MailferryError, throwIfCancelled } from '../../errors.ts';
import { ProgressMeter } from '../progress-meter.ts';
import { IMPORT_ROWS } from './check-contacts.ts';
import { ContactDetails } from './contact-details.ts';
import { type ContactReading, type ContactSource, contactFormat, openContacts } from './contact-source.ts';
import { Conversion, type ConversionJob, TooNarrow } from './conversion.ts';
import type { ConvertContactsOptions, ConvertContactsReport, Edit } from './conversion-report.ts';
import { checkOutputs, checkSplitIsFree } from './output-path.ts';

/** Rows by which the number of numbered columns is guessed. */
const SAMPLE_ROWS = 2000;

const passedLayout = (sources: readonly ContactSource[], to: ContactFormat, map: ContactReading['map']): ConversionJob['passed'] => {
  const [first] = sources;
  if (!first || (map && map.size > 0) || sources.some(({ format }) => format.id !== to.id)) return null;
  const headers = first.head?.headers;
  const isSame = sources.every(({ head }) => String(head?.headers) === String(headers));
  return isSame ? { headers } : null;
};

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

/** The most contacts of one file; null for no limit. */
const limitOf = ({ maxRows, rowsPerFile }: ConvertContactsOptions, to: ContactFormat): number | null => {
  if (rowsPerFile !== undefined || maxRows === undefined) return null;
  if (maxRows !== 'import') return maxRows;
  return to.requires.length > 0 ? IMPORT_ROWS : null;
};

const tooNarrow = (error: unknown): Widths | null => {
  const cause = isMailferryError(error) ? error.cause : error;
  return cause instanceof TooNarrow ? cause.widths : null;
};

const runJob = async (job: ConversionJob, widths: Widths): Promise<ConvertContactsReport> => {
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
  const limit = limitOf(options, to);
  if (limit !== null && (await runJob({ ...job, details: null, isTrial: true }, widths)).written > limit) {
    if (options.mayReplace === false) await checkSplitIsFree(options.out);
    return writeContacts({ ...options, rowsPerFile: limit }, sources, beginEdits);
  }
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

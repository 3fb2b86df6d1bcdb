import type { Disk } from '../../archive/disk.ts';
import type { RejectedRow } from '../../contacts/contact-format.ts';
import { type ContactLoss, isSecretField } from '../../contacts/contact-losses.ts';
import { guardFormula } from '../../contacts/csv/formula-guard.ts';
import { printRow } from '../../contacts/csv/print-row.ts';

const HEADERS = ['file', 'row', 'kind', 'reason', 'field', 'label', 'value'];
const FLUSH_CHARACTERS = 256 * 1024;

/** What stands in the place of a secret. */
const HIDDEN = '***';

/** A CSV file that lists, row by row, what was not taken and what was lost. Spreadsheets run nothing in it. */
export class ContactDetails {
  readonly #disk: Disk;
  readonly #path: string;
  #text = '';
  #bytes = 0;
  #file: Awaited<ReturnType<Disk['create']>> | null = null;

  constructor(disk: Disk, path: string) {
    this.#disk = disk;
    this.#path = path;
  }

  get #temporary(): string {
    return `${this.#path}.new`;
  }

  /** Begins the list, or begins it anew. */
  async begin(): Promise<void> {
    await this.#file?.close();
    this.#file = await this.#disk.create(this.#temporary);
    this.#bytes = 0;
    this.#text = `\ufeff${printRow(HEADERS)}`;
  }

  reject(file: string, { row, column, reason }: RejectedRow): void {
    this.#add([file, String(row), 'rejected', reason, column ?? '', '', '']);
  }

  lose(file: string, row: number, { field, label, value, reason, of }: ContactLoss): void {
    const shown = field === 'other' && isSecretField(label) ? HIDDEN : value;
    this.#add([file, String(row), 'lost', reason, field, of === '' ? label : of, shown]);
  }

  #add(cells: readonly string[]): void {
    this.#text += printRow(cells.map(guardFormula));
  }

  /** Puts out what has come together, if it is much. */
  async flush(isLast = false): Promise<void> {
    if (!this.#file || (!isLast && this.#text.length < FLUSH_CHARACTERS)) return;
    const bytes = Buffer.from(this.#text);
    this.#text = '';
    await this.#file.write([bytes], this.#bytes);
    this.#bytes += bytes.length;
  }

  /** The list is in its place, durable, when it returns. */
  async end(): Promise<void> {
    await this.flush(true);
    await this.#file?.sync();
    await this.#file?.close();
    this.#file = null;
    await this.#disk.rename(this.#temporary, this.#path);
  }

  /** Leaves nothing behind. */
  async drop(): Promise<void> {
    await this.#file?.close();
    this.#file = null;
    await this.#disk.remove(this.#temporary);
  }
}

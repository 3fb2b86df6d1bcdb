import iconv from 'iconv-lite';
import { MailferryError } from '../../errors.ts';

export const OUTPUT_ENCODINGS = ['utf-8', 'cp949'] as const;
export type OutputEncoding = (typeof OUTPUT_ENCODINGS)[number];

/** A row as text. */
export interface PrintedRow {
  readonly row: number;
  readonly text: string;
}

const NAMED_ROWS = 20;
const HEADER_ROW = 1;
const BYTE_ORDER_MARK = '\ufeff';

/** Turns rows into bytes, and remembers those that the encoding can't hold (SPEC C10). */
export class ContactEncoder {
  readonly #encoding: OutputEncoding;
  readonly #unheld: number[] = [];
  #count = 0;

  constructor(encoding: OutputEncoding) {
    this.#encoding = encoding;
  }

  /** What a file begins with; CSV in UTF-8 has a byte order mark, without which Excel takes it for CP949. */
  head(text: string, isCsv: boolean): Buffer {
    if (this.#encoding === 'utf-8') return Buffer.from(`${isCsv ? BYTE_ORDER_MARK : ''}${text}`);
    // The header row of every file is the same.
    if (this.#count === 0) this.#remember([{ row: HEADER_ROW, text }]);
    return iconv.encode(text, 'cp949');
  }

  encode(rows: readonly PrintedRow[]): Buffer {
    const text = rows.map((row) => row.text).join('');
    if (this.#encoding === 'utf-8') return Buffer.from(text);
    const bytes = iconv.encode(text, 'cp949');
    if (iconv.decode(bytes, 'cp949') !== text) this.#remember(rows);
    return bytes;
  }

  #remember(rows: readonly PrintedRow[]): void {
    for (const { row, text } of rows) {
      if (iconv.decode(iconv.encode(text, 'cp949'), 'cp949') === text) continue;
      this.#count += 1;
      if (this.#unheld.length < NAMED_ROWS) this.#unheld.push(row);
    }
  }

  /** @throws MailferryError `contacts-not-encodable` if there was a row that the encoding can't hold */
  end(): void {
    if (this.#count === 0) return;
    const rows = `${this.#unheld.join(', ')}${this.#count > this.#unheld.length ? ' …' : ''}`;
    throw new MailferryError('contacts-not-encodable', { encoding: this.#encoding.toUpperCase(), count: this.#count, rows });
  }
}

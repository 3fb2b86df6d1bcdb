import { MailferryError } from '../../errors.ts';

/** A row of a CSV file. */
export interface CsvRecord {
  /** As a spreadsheet counts: 1 is the first one of the file. */
  readonly row: number;
  readonly cells: readonly string[];
  /** A quoted cell goes on behind its closing quote: its cells may have run into each other. */
  readonly isMalformed: boolean;
}

/** In characters; a longer row is no row. */
const MAX_ROW = 32 * 1024 * 1024;
/** As many as a spreadsheet has columns; of those behind, the last one that is not blank is kept. */
const MAX_CELLS = 16_384;

const [QUOTE, LINE_FEED, CARRIAGE_RETURN, SPACE, TAB] = [0x22, 0x0a, 0x0d, 0x20, 0x09];

/**
 * Where in a cell the reading stands. `closed`: behind a quote that closes the cell, unless another one follows. `blank`: behind
 * blanks that follow it. `stray`: behind a closing quote that the cell goes on behind; from there on every quote opens or closes, so
 * that line breaks inside of quotes end no row.
 */
type Place = 'start' | 'plain' | 'quoted' | 'closed' | 'blank' | 'stray' | 'stray-quoted';

/** Cuts rows out of a text that comes in pieces, and looks at every character once. */
class RecordCutter {
  readonly #delimiter: number;
  #place: Place = 'start';
  #cell = '';
  #cells: string[] = [];
  #isMalformed = false;
  #row = 1;
  /** Characters of the open row in the pieces so far. */
  #rowLength = 0;
  /** The line feed of a CR LF whose CR has ended the row. */
  #skipsLineFeed = false;
  #records: CsvRecord[] = [];

  constructor(delimiter: string) {
    this.#delimiter = delimiter.charCodeAt(0);
  }

  /** The rows that end in this piece. @throws MailferryError `contacts-unreadable` */
  take(piece: string): CsvRecord[] {
    this.#records = [];
    let rowStart = 0;
    for (let at = 0; at < piece.length; ) {
      if (this.#skipsLineFeed) {
        this.#skipsLineFeed = false;
        if (piece.charCodeAt(at) === LINE_FEED) {
          at += 1;
          rowStart = at;
          continue;
        }
      }
      const row = this.#row;
      at = this.#step(piece, at);
      if (this.#row === row) continue;
      rowStart = at;
      this.#rowLength = 0;
    }
    this.#rowLength += piece.length - rowStart;
    if (this.#rowLength > MAX_ROW) throw this.#unreadable(`it does not end within ${MAX_ROW} characters`);
    return this.#records;
  }

  /** The last row, if no line end is behind it. @throws MailferryError `contacts-unreadable` */
  end(): CsvRecord[] {
    this.#records = [];
    if (this.#place === 'quoted' || this.#place === 'stray-quoted') throw this.#unreadable('a quote is opened there and never closed');
    if (this.#cells.length > 0 || this.#place !== 'start') this.#endCell(LINE_FEED);
    return this.#records;
  }

  /** Reads on at a character; where to go on. */
  #step(text: string, at: number): number {
    switch (this.#place) {
      case 'start':
        this.#place = text.charCodeAt(at) === QUOTE ? 'quoted' : 'plain';
        return this.#place === 'quoted' ? at + 1 : this.#readPlain(text, at);
      case 'plain':
      case 'stray':
        return this.#readPlain(text, at);
      case 'quoted':
      case 'stray-quoted':
        return this.#readQuoted(text, at);
      default:
        return this.#readClosed(text, at);
    }
  }

  #readPlain(text: string, at: number): number {
    const isStray = this.#place === 'stray';
    let end = at;
    for (; end < text.length; end += 1) {
      const code = text.charCodeAt(end);
      if (this.#isEnd(code) || (isStray && code === QUOTE)) break;
    }
    this.#cell += text.slice(at, end);
    if (end === text.length) return end;
    if (this.#isEnd(text.charCodeAt(end))) this.#endCell(text.charCodeAt(end));
    else this.#place = 'stray-quoted';
    return end + 1;
  }

  #readQuoted(text: string, at: number): number {
    const end = text.indexOf('"', at);
    this.#cell += text.slice(at, end < 0 ? text.length : end);
    if (end < 0) return text.length;
    this.#place = this.#place === 'quoted' ? 'closed' : 'stray';
    return end + 1;
  }

  #readClosed(text: string, at: number): number {
    const code = text.charCodeAt(at);
    if (this.#isEnd(code)) {
      this.#endCell(code);
    } else if (code === QUOTE && this.#place === 'closed') {
      this.#cell += '"';
      this.#place = 'quoted';
    } else if (code === SPACE || code === TAB) {
      this.#place = 'blank';
    } else {
      this.#isMalformed = true;
      this.#place = 'stray';
      return at;
    }
    return at + 1;
  }

  #isEnd(code: number): boolean {
    return code === this.#delimiter || code === LINE_FEED || code === CARRIAGE_RETURN;
  }

  /** Ends the cell, and the row too if it is a line end that stands there. */
  #endCell(code: number): void {
    if (this.#cells.length < MAX_CELLS) this.#cells.push(this.#cell);
    else if (this.#cell.trim() !== '') this.#cells[MAX_CELLS] = this.#cell;
    this.#cell = '';
    this.#place = 'start';
    if (code === this.#delimiter) return;
    this.#records.push({ row: this.#row, cells: this.#cells, isMalformed: this.#isMalformed });
    this.#cells = [];
    this.#isMalformed = false;
    this.#row += 1;
    this.#skipsLineFeed = code === CARRIAGE_RETURN;
  }

  #unreadable(reason: string): MailferryError {
    return new MailferryError('contacts-unreadable', { row: this.#row, reason });
  }
}

/**
 * Cuts a CSV text into its rows (RFC 4180), whole rows only, in batches as the text comes. Cells are as they stand between their
 * delimiters and quotes; empty lines are rows of one empty cell. CR LF, LF and CR each end a row, in one file too. `delimiter` is one
 * character, no quote and no line end.
 * @throws MailferryError `contacts-unreadable` for a quote that is never closed, and a row of more than 32 Mi characters
 */
export async function* readCsvRecords(text: AsyncIterable<string>, delimiter: string): AsyncGenerator<readonly CsvRecord[]> {
  const cutter = new RecordCutter(delimiter);
  for await (const piece of text) {
    const records = cutter.take(piece);
    if (records.length > 0) yield records;
  }
  const records = cutter.end();
  if (records.length > 0) yield records;
}

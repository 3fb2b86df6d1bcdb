import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isMailferryError } from '../../errors.ts';
import { type CsvRecord, readCsvRecords } from './csv-records.ts';

const MEBI = 1024 * 1024;

async function* inPieces(pieces: Iterable<string>): AsyncGenerator<string> {
  yield* pieces;
}

const readPieces = async (pieces: Iterable<string>, delimiter = ','): Promise<CsvRecord[]> => {
  const records: CsvRecord[] = [];
  for await (const batch of readCsvRecords(inPieces(pieces), delimiter)) for (const record of batch) records.push(record);
  return records;
};

const cellsOf = async (pieces: Iterable<string>, delimiter = ','): Promise<(readonly string[])[]> =>
  (await readPieces(pieces, delimiter)).map(({ cells }) => cells);

/** The rows up to a row that can't be told apart, and what is said of it. */
const readUntilError = async (pieces: Iterable<string>): Promise<{ rows: number; row: unknown; message: string }> => {
  let rows = 0;
  try {
    for await (const batch of readCsvRecords(inPieces(pieces), ',')) rows += batch.length;
  } catch (error) {
    if (isMailferryError(error, 'contacts-unreadable')) return { rows, row: error.details.row, message: error.message };
    throw error;
  }
  throw new Error('it was read');
};

/** Cuts a text in two at every place, inside of surrogate pairs too. */
const everyCut = (text: string): [string, string][] =>
  Array.from({ length: text.length + 1 }, (_, at) => [text.slice(0, at), text.slice(at)]);

const LINE_ENDS = ['\r\n', '\n', '\r'] as const;
const lineEnd = fc.constantFrom(...LINE_ENDS);

/** Anything a spreadsheet may hold, more often what a CSV file has to quote. */
const cellText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.string({ unit: fc.constantFrom('"', ',', ';', '\t', '\r', '\n', ' ', 'a', '가', '😀', '\0'), maxLength: 8 }),
);

const delimiter = fc
  .oneof(fc.constantFrom(',', ';', '\t', '|', ' '), fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }))
  .filter((text) => text.length === 1 && !'"\r\n\ufeff'.includes(text));

interface Written {
  readonly text: string;
  readonly rows: readonly (readonly string[])[];
  readonly separator: string;
}

/** A ragged CSV text: each cell quoted or, where it can do without, not; each row with a line end of its own. */
const written: fc.Arbitrary<Written> = delimiter.chain((separator) => {
  const needsQuotes = (cell: string): boolean => cell.startsWith('"') || [separator, '\r', '\n'].some((sign) => cell.includes(sign));
  const cell = fc
    .tuple(cellText, fc.boolean())
    .map(([text, isQuoted]) => ({ text, raw: isQuoted || needsQuotes(text) ? `"${text.replaceAll('"', '""')}"` : text }));
  const row = fc.tuple(fc.array(cell, { minLength: 1, maxLength: 5 }), lineEnd);
  return fc.array(row, { maxLength: 8 }).map((rows) => {
    // An empty line behind a bare CR would be the LF of a CR LF.
    const isSafe = (end: string, index: number): boolean => end !== '\r' || (rows[index + 1]?.[0][0]?.raw ?? '') !== '';
    const text = rows.map(([cells, end], index) => cells.map(({ raw }) => raw).join(separator) + (isSafe(end, index) ? end : '\r\n'));
    return { text: text.join(''), rows: rows.map(([cells]) => cells.map((one) => one.text)), separator };
  });
});

describe('rows of a CSV text', () => {
  it('are what was written, whatever is in the cells, wherever the pieces are cut, however the lines end', async () => {
    await fc.assert(
      fc.asyncProperty(written, fc.array(fc.nat(400), { maxLength: 6 }), async ({ text, rows, separator }, cuts) => {
        const places = [0, ...cuts.filter((cut) => cut < text.length).toSorted((a, b) => a - b), text.length];
        const pieces = places.slice(1).map((end, index) => text.slice(places[index], end));
        const records = await readPieces(pieces, separator);
        expect(records.map(({ cells }) => cells)).toEqual(rows);
        expect(records.map(({ row }) => row)).toEqual(rows.map((_, index) => index + 1));
        expect(records.every(({ isMalformed }) => !isMalformed)).toBe(true);
      }),
      { numRuns: 600 },
    );
  });

  it('are those that csv-parse reads', async () => {
    await fc.assert(
      fc.asyncProperty(written, fc.boolean(), async ({ text, separator }, isCutShort) => {
        const whole = isCutShort ? text.replace(/(?:\r\n|\n|\r)$/, '') : text;
        const other: string[][] = parse(whole, {
          delimiter: separator,
          record_delimiter: [...LINE_ENDS],
          relax_column_count: true,
          relax_quotes: true,
        });
        expect(await cellsOf([whole], separator)).toEqual(other);
      }),
      { numRuns: 600 },
    );
  });

  it('are the same in pieces cut at any place: between CR and LF, two quotes, two halves of a character', async () => {
    const text = '"a""b",😀\r\n"1\r\n2"\t,""\r"",\r\n\r\n끝';
    const rows = [['a"b', '😀'], ['1\r\n2', ''], ['', ''], [''], ['끝']];
    for (const pieces of everyCut(text)) expect(await cellsOf(pieces)).toEqual(rows);
    expect(await cellsOf(text.split(''))).toEqual(rows);
    expect(await cellsOf([...(everyCut(text)[9] ?? [])].flatMap((piece) => [piece, '']))).toEqual(rows);
  });

  it('end at CR LF, LF and CR in one file; a quoted line break ends none', async () => {
    const text = 'a,b\n"1","2"\r\n3,"4"\r5,"x\ry"\n"x\ny",6\r\n"x\r\ny","x\ry"\r7,8';
    const rows = [
      ['a', 'b'],
      ['1', '2'],
      ['3', '4'],
      ['5', 'x\ry'],
      ['x\ny', '6'],
      ['x\r\ny', 'x\ry'],
      ['7', '8'],
    ];
    for (const pieces of everyCut(text)) expect(await cellsOf(pieces)).toEqual(rows);
  });

  it('are not joined because a quoted cell of a later row looks like them', async () => {
    expect(await cellsOf(['h1,h2\na,b\rc,d\n"b\rc",e\n'])).toEqual([
      ['h1', 'h2'],
      ['a', 'b'],
      ['c', 'd'],
      ['b\rc', 'e'],
    ]);
  });

  it('are numbered as a spreadsheet does: empty lines count, line breaks in cells do not', async () => {
    const records = await readPieces(['a\n\n"b\nb\nb"\r\n,\nc']);
    expect(records.map(({ row, cells }) => [row, cells])).toEqual([
      [1, ['a']],
      [2, ['']],
      [3, ['b\nb\nb']],
      [4, ['', '']],
      [5, ['c']],
    ]);
  });

  it('are none in an empty text, and none behind the last line end', async () => {
    expect(await cellsOf([])).toEqual([]);
    expect(await cellsOf([''])).toEqual([]);
    expect(await cellsOf(['a\n', ''])).toEqual([['a']]);
    expect(await cellsOf(['""'])).toEqual([['']]);
    expect(await cellsOf(['a,'])).toEqual([['a', '']]);
  });
});

describe('quotes in a CSV text', () => {
  it('stand for themselves inside of a cell that has none around it', async () => {
    const records = await readPieces(['a 5" pipe,x"y"z\nb,c"\n']);
    expect(records).toEqual([
      { row: 1, cells: ['a 5" pipe', 'x"y"z'], isMalformed: false },
      { row: 2, cells: ['b', 'c"'], isMalformed: false },
    ]);
  });

  it('may have blanks behind them', async () => {
    for (const pieces of everyCut('"a" ,"b"\t \r\n"c"  ')) expect(await cellsOf(pieces)).toEqual([['a', 'b'], ['c']]);
  });

  it.each([
    ['a cell that goes on behind its closing quote', '"Johnny" Kim,k@a.example'],
    ['quotes in quotes', '"He said "hi"",k@a.example'],
    ['quotes in quotes with a delimiter', '"He said "hi, you"",k@a.example'],
    ['quotes in quotes with a line break', '"He said "hi"\nand went",k@a.example'],
    ['a quote behind blanks', '"a" "b",c'],
    ['one quote too many', '"a"",b"x,"c"'],
  ])('make no row but their own malformed: %s', async (_, row) => {
    for (const pieces of everyCut(`1,"2"\n${row}\n3,"4"\r\n5,6`)) {
      const records = await readPieces(pieces);
      expect(records.map(({ isMalformed }) => isMalformed)).toEqual([false, true, false, false]);
      expect(records.map(({ row: number }) => number)).toEqual([1, 2, 3, 4]);
      expect(records.filter(({ isMalformed }) => !isMalformed).map(({ cells }) => cells)).toEqual([
        ['1', '2'],
        ['3', '4'],
        ['5', '6'],
      ]);
    }
  });

  it.each([
    ['a,b\n1,2\n"3,4\n5,6\n', 2, 3],
    ['"', 0, 1],
    ['a\n"b""', 1, 2],
    ['a\n"b"x"c\nd', 1, 2],
  ])('that are never closed are told with the row they open in: %j', async (text, rows, row) => {
    for (const pieces of everyCut(text)) {
      expect(await readUntilError(pieces)).toMatchObject({ rows, row, message: expect.stringContaining('never closed') });
    }
  });
});

describe('sizes of a CSV text', () => {
  it('cell of 10 MB: one cell', async () => {
    const big = '가나"다,\n'.repeat((10 * MEBI) / 12);
    const text = `a,"${big.replaceAll('"', '""')}",b\nc`;
    const pieces = Array.from({ length: Math.ceil(text.length / 32_768) }, (_, n) => text.slice(n * 32_768, (n + 1) * 32_768));
    const [first, second] = await cellsOf(pieces);
    expect(first?.[1] === big).toBe(true);
    expect([first?.length, second]).toEqual([3, ['c']]);
  });

  it.each([
    ['plain', 'x'.repeat(MEBI)],
    ['in quotes', 'x\n'.repeat(MEBI / 2)],
    ['of quotes', '"'.repeat(MEBI)],
  ])('a row of more than 32 Mi characters is refused with its number, and not kept: %s', async (name, piece) => {
    let given = 0;
    const endless = function* (): Generator<string> {
      yield name === 'in quotes' ? 'a\nb,"' : 'a\nb,';
      while (given < 100) {
        given += 1;
        yield piece;
      }
    };
    const { rows, row, message } = await readUntilError(endless());
    expect({ rows, row, message }).toEqual({ rows: 1, row: 2, message: expect.stringContaining('33554432') });
    expect(given).toBe(32);
  });

  it('a row of 32 Mi characters is none too many', async () => {
    const pieces = function* (): Generator<string> {
      for (let n = 0; n < 32; n += 1) yield 'x'.repeat(MEBI);
      yield '\ny\n';
    };
    expect((await cellsOf(pieces())).map(([cell]) => cell?.length)).toEqual([32 * MEBI, 1]);
  });

  it('a row of very many cells keeps as many as a spreadsheet has, and one more where there is one', async () => {
    const [wide, blank, narrow] = await cellsOf([`${'a,'.repeat(100_000)}z\n${','.repeat(100_000)}\nb`]);
    expect([wide?.length, wide?.at(-1), blank?.length, narrow]).toEqual([16_385, 'z', 16_384, ['b']]);
  });

  it('every character is looked at once: half a million pieces of one cell are no more work than one', async () => {
    const count = 500_000;
    const pieces = function* (quote: string): Generator<string> {
      yield quote;
      for (let n = 0; n < count; n += 1) yield 'abcdefgh 0123456';
      yield `${quote}\n`;
    };
    for (const quote of ['', '"']) expect((await cellsOf(pieces(quote))).map(([cell]) => cell?.length)).toEqual([count * 16]);
  });

  it('very many misplaced quotes and very many line ends of two kinds are linear work', async () => {
    const misplaced = await readPieces([`h\n${'"a"b'.repeat(1_000_000)}\nc`]);
    expect(misplaced.map(({ isMalformed }) => isMalformed)).toEqual([false, true, false]);
    expect(await readPieces([`h,i\n${'a,b\r'.repeat(500_000)}`])).toHaveLength(500_001);
  });

  it('64 KB of NUL behind the rows is a row of its own', async () => {
    const records = await cellsOf(['a,b\n1,2\n', '\0'.repeat(32_768), '\0'.repeat(32_768)]);
    expect(records.slice(0, 2)).toEqual([
      ['a', 'b'],
      ['1', '2'],
    ]);
    expect(records[2]?.[0]?.length).toBe(65_536);
  });
});

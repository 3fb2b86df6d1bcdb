/** How the delimiter of a file was found. */
export type DelimiterReason = 'told' | 'separator-line' | 'header-row';

export interface CsvStart {
  readonly delimiter: string;
  readonly delimiterReason: DelimiterReason;
  /** Characters before the header row. */
  readonly skip: number;
}

/** Excel's line in front of the header row that tells the delimiter. */
const SEPARATOR_LINE = /^sep=([,;\t|])(?:\r\n|\n|\r)/i;
const DELIMITERS = [',', ';', '\t'];
const QUOTED = /"(?:[^"]|"")*"/g;

/** The delimiter of a CSV text, by its beginning. */
export const readCsvStart = (text: string, told: string | undefined): CsvStart => {
  const [line = '', separator] = SEPARATOR_LINE.exec(text) ?? [];
  const unquoted = text.slice(line.length, line.length + 65_536).replace(QUOTED, '');
  const header = unquoted.split(/[\r\n]+/, 2).find((one) => one !== '') ?? '';
  const counts = DELIMITERS.map((delimiter) => header.split(delimiter).length);
  const frequent = DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ',';
  return {
    skip: line.length,
    delimiter: told ?? separator ?? frequent,
    delimiterReason: told !== undefined ? 'told' : separator !== undefined ? 'separator-line' : 'header-row',
  };
};

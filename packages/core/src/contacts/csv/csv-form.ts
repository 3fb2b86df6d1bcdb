import { MailferryError } from '../../errors.ts';
import type { RequiredField, Widths } from '../contact-format.ts';
import { columnField, fieldKey } from './column-field.ts';
import { CsvLayout, type LayoutColumn } from './csv-layout.ts';
import { commonField, normalizeHeader } from './header-names.ts';

/** A column of a form: its header, the path of its field, other headers that it goes by. */
export type FormColumn = readonly [header: string, path: string, ...aliases: string[]];

/** What a form needs of a layout. */
export interface RowLayout {
  readonly headers: readonly string[];
  /** Places of the columns of national ids. */
  readonly nationalIds: readonly number[];
  /** Whether a cell of the row says that another one holds a national id. */
  namesNationalId(cells: readonly string[]): boolean;
  /** Headers of columns that no field stands for; they are kept as other fields. */
  readonly unknown: readonly string[];
  /** The header of the column of a field; null if there is none. */
  headerOf: CsvLayout['headerOf'];
  /** See `ContactWriter`. */
  readonly needed: Widths | null;
  read: CsvLayout['read'];
  write: CsvLayout['write'];
}

/** A CSV format. */
export interface CsvForm {
  readonly id: string;
  /** SPEC C4. */
  readonly requires: readonly RequiredField[];
  /** Which of these headers the form knows by their own names. */
  recognizes(headers: readonly string[]): number;
  /** Headers of the form as a template shows them (SPEC C6). */
  readonly headers: readonly string[];
  /** How to read a file with these headers; `map` overrules what they say (SPEC C8). @throws MailferryError `contact-field-unknown`, `contact-column-missing` */
  layoutOf(headers: readonly string[], map: ReadonlyMap<string, string>): RowLayout;
  /** How to write a file of the form. */
  layoutFor(widths: Widths): RowLayout;
}

export interface TableFormOptions {
  readonly id: string;
  readonly requires: readonly RequiredField[];
  readonly columns: readonly FormColumn[];
  /** Between the groups of one cell. Default: `;` */
  readonly groupSeparator?: string;
  /** A file without a column of one of these headers is not taken for this form. */
  readonly telling?: readonly string[];
}

const SEVERAL = new Set(['phone', 'url', 'relation', 'other', 'numbered']);

/** What a person said that columns are, by normalized header; a field, or the header of the form's column. */
export const mappedPaths = (
  headers: readonly string[],
  map: ReadonlyMap<string, string>,
  byHeader: (header: string) => string | null,
): ReadonlyMap<string, string> => {
  const known = new Set(headers.map(normalizeHeader));
  const paths = new Map<string, string>();
  for (const [header, target] of map) {
    const name = normalizeHeader(header);
    if (!known.has(name)) throw new MailferryError('contact-column-missing', { column: header });
    paths.set(name, byHeader(target) ?? commonField(target) ?? target);
  }
  return paths;
};

/** Headers and their columns, the second of a repeated header by the second of the form's (Thunderbird repeats its own). */
export class HeaderIndex {
  readonly #byName = new Map<string, FormColumn[]>();

  constructor(columns: readonly FormColumn[]) {
    for (const column of columns) {
      const [header, , ...aliases] = column;
      for (const name of [header, ...aliases].map(normalizeHeader)) {
        const found = this.#byName.get(name);
        if (found) found.push(column);
        else this.#byName.set(name, [column]);
      }
    }
  }

  /** The form's column for the n-th column of that header, from 0. */
  path(header: string, nth: number): string | null {
    return this.#byName.get(normalizeHeader(header))?.[nth]?.[1] ?? null;
  }
}

/** Says of each column which one of its name it is: 0, then 1 … */
export const occurrences = (headers: readonly string[]): number[] => {
  const seen = new Map<string, number>();
  return headers.map((header) => {
    const name = normalizeHeader(header);
    const nth = seen.get(name) ?? 0;
    seen.set(name, nth + 1);
    return nth;
  });
};

/** Headers to columns: by the map, by the form, by common names as far as their fields are still free, else as other fields. */
export const matchColumns = (
  headers: readonly string[],
  own: (header: string, nth: number) => string | null,
  mapped: ReadonlyMap<string, string>,
): { readonly columns: readonly LayoutColumn[]; readonly unknown: readonly string[] } => {
  const nths = occurrences(headers);
  const paths = headers.map((header, index) => mapped.get(normalizeHeader(header)) ?? own(header, nths[index] ?? 0));
  const taken = new Set(paths.flatMap((path) => (path === null ? [] : [fieldKey(columnField(path))])));
  const unknown: string[] = [];
  const used = new Set<string>();
  const columns = headers.map((header, index): LayoutColumn => {
    const common = paths[index] === null ? commonField(header) : null;
    const path = paths[index] ?? (common !== null && !taken.has(fieldKey(columnField(common))) ? common : null);
    const field = path === null ? null : columnField(path);
    if (field && (SEVERAL.has(field.kind) || !used.has(fieldKey(field)))) {
      used.add(fieldKey(field));
      taken.add(fieldKey(field));
      return { header, field };
    }
    if (header.trim() !== '') unknown.push(header);
    return { header, field: { kind: 'other', name: header.trim() || `#${index + 1}` } };
  });
  return { columns, unknown };
};

/** A form whose columns are a fixed table. */
export const tableForm = ({ id, requires, columns, groupSeparator = ';', telling }: TableFormOptions): CsvForm => {
  const index = new HeaderIndex(columns);
  const tellingNames = new Set(telling?.map(normalizeHeader));
  const standard = new CsvLayout({
    columns: columns.map(([header, path]) => ({ header, field: columnField(path) })),
    unknown: [],
    groupSeparator,
  });
  return {
    id,
    requires,
    headers: columns.map(([header]) => header),
    recognizes: (headers) => {
      if (telling && !headers.some((header) => tellingNames.has(normalizeHeader(header)))) return 0;
      const nths = occurrences(headers);
      return headers.filter((header, at) => index.path(header, nths[at] ?? 0) !== null).length;
    },
    layoutOf: (headers, map) => {
      const matched = matchColumns(
        headers,
        (header, nth) => index.path(header, nth),
        mappedPaths(headers, map, (header) => index.path(header, 0)),
      );
      return new CsvLayout({ ...matched, groupSeparator });
    },
    layoutFor: () => standard,
  };
};

import type { Contact, ContactDraft } from '../../contact.ts';
import type { Widths } from '../../contact-format.ts';
import { type ColumnField, columnField } from '../column-field.ts';
import { type CsvForm, type FormColumn, HeaderIndex, mappedPaths, matchColumns, occurrences, type RowLayout } from '../csv-form.ts';
import { CsvLayout, type LayoutColumn } from '../csv-layout.ts';
import { isNumbered, NumberedColumns, type NumberedKind, numberedHeaders } from './numbered-columns.ts';

interface GoogleFormOptions {
  readonly id: string;
  /** What its numbered columns call a label. */
  readonly labelHeader: 'Label' | 'Type';
  readonly columns: readonly FormColumn[];
  /** Kinds of numbered columns, in their order. */
  readonly kinds: readonly NumberedKind[];
}

const GROUP_SEPARATOR = ' ::: ';
const NUMBERED: ColumnField = { kind: 'numbered' };

/** Fixed columns, and behind them numbered ones. */
class GoogleLayout implements RowLayout {
  readonly #fixed: CsvLayout;
  readonly #numbered: NumberedColumns;
  readonly #ownOthers: ReadonlySet<string>;

  constructor(columns: readonly LayoutColumn[], unknown: readonly string[], { labelHeader, kinds }: GoogleFormOptions) {
    this.#fixed = new CsvLayout({ columns, unknown, groupSeparator: GROUP_SEPARATOR });
    this.#numbered = new NumberedColumns(this.#fixed.headers, labelHeader, kinds);
    this.#ownOthers = new Set(columns.flatMap(({ field }) => (field.kind === 'other' ? [field.name] : [])));
  }

  get headers(): readonly string[] {
    return this.#fixed.headers;
  }

  get unknown(): readonly string[] {
    return this.#fixed.unknown;
  }

  headerOf(isIt: (field: ColumnField) => boolean): string | null {
    return this.#fixed.headerOf(isIt) ?? this.#numbered.headerOf(isIt);
  }

  get needed(): Widths | null {
    return this.#numbered.needed;
  }

  get nationalIds(): readonly number[] {
    return this.#fixed.nationalIds;
  }

  namesNationalId(cells: readonly string[]): boolean {
    return this.#numbered.namesNationalId(cells);
  }

  read(cells: readonly string[]): ContactDraft {
    const contact = this.#fixed.read(cells);
    this.#numbered.read(cells, contact);
    return contact;
  }

  write(contact: Contact): string[] {
    const row = this.#fixed.write(contact);
    const others = contact.others.filter(({ name }) => !this.#ownOthers.has(name));
    this.#numbered.write(contact, others, row);
    return row;
  }
}

/** A form of Google Contacts. */
export const googleForm = (options: GoogleFormOptions): CsvForm => {
  const { id, labelHeader, columns, kinds } = options;
  const index = new HeaderIndex(columns);
  const headersFor = (widths: Widths): string[] => [
    ...columns.map(([header]) => header),
    ...kinds.flatMap((kind) => numberedHeaders(kind, widths[kind] ?? 0, labelHeader)),
  ];
  const fieldOf = (header: string): ColumnField => {
    const path = index.path(header, 0);
    return path === null ? NUMBERED : columnField(path);
  };
  return {
    id,
    requires: [],
    headers: headersFor({ email: 1, phone: 1, address: 1 }),
    recognizes: (headers) => {
      const nths = occurrences(headers);
      return headers.filter((header, at) => index.path(header, nths[at] ?? 0) !== null || isNumbered(header, labelHeader)).length;
    },
    layoutOf: (headers, map) => {
      const numbered = (header: string): boolean => isNumbered(header, labelHeader);
      const own = (header: string, nth: number): string | null => (numbered(header) ? 'numbered' : index.path(header, nth));
      const matched = matchColumns(
        headers,
        own,
        mappedPaths(headers, map, (header) => index.path(header, 0)),
      );
      return new GoogleLayout(matched.columns, matched.unknown, options);
    },
    layoutFor: (widths) =>
      new GoogleLayout(
        headersFor(widths).map((header) => ({ header, field: fieldOf(header) })),
        [],
        options,
      ),
  };
};

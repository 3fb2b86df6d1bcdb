/** One FETCH data item's value: NIL, atom or string, literal, or list. RFC 9051 §9, msg-att. */
export type FetchValue = null | string | Buffer | readonly FetchValue[];

/** A nested list this deep is no honest answer to what we ask. */
const MAX_DEPTH = 16;

/**
 * A response as it came: text, literal, text, literal, … text. A text before a literal
 * has lost its `{n}` announcement.
 */
export type ResponseSegments = readonly (string | Buffer)[];

/** Walks over the segments of one response. */
class Cursor {
  readonly #segments: ResponseSegments;
  #index = 0;
  #offset: number;

  constructor(segments: ResponseSegments, offset: number) {
    this.#segments = segments;
    this.#offset = offset;
  }

  /** The text that is left in this segment. */
  get text(): string {
    const segment = this.#segments[this.#index];
    return typeof segment === 'string' ? segment : '';
  }

  peek(): string {
    return this.text.charAt(this.#offset);
  }

  skip(count: number): void {
    this.#offset += count;
  }

  skipSpaces(): void {
    while (this.peek() === ' ') this.#offset += 1;
  }

  /** What `pattern` (sticky) finds here, or undefined; goes on behind it. */
  match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#offset;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.#offset += found.length;
    return found;
  }

  /** The literal that follows this text, if the text is used up. */
  literal(): Buffer | undefined {
    if (this.#offset < this.text.length) return undefined;
    const next = this.#segments[this.#index + 1];
    if (!Buffer.isBuffer(next)) return undefined;
    this.#index += 2;
    this.#offset = 0;
    return next;
  }
}

const ITEM_NAME = /[A-Za-z0-9.-]+(?:\[[^\]]*\](?:<\d+>)?)?/y;
const QUOTED = /"(?:[^"\\]|\\.)*"/y;
const ATOM = /[^\s()"]+/y;

const parseValue = (cursor: Cursor, depth: number): FetchValue | undefined => {
  if (depth > MAX_DEPTH) return undefined;
  const literal = cursor.literal();
  if (literal) return literal;
  if (cursor.peek() === '(') {
    cursor.skip(1);
    const list: FetchValue[] = [];
    for (cursor.skipSpaces(); cursor.peek() !== ')'; cursor.skipSpaces()) {
      const value = parseValue(cursor, depth + 1);
      if (value === undefined) return undefined;
      list.push(value);
    }
    cursor.skip(1);
    return list;
  }
  const quoted = cursor.match(QUOTED);
  if (quoted !== undefined) return quoted.slice(1, -1).replace(/\\(.)/g, '$1');
  const atom = cursor.match(ATOM);
  return atom === undefined ? undefined : atom.toUpperCase() === 'NIL' ? null : atom;
};

/**
 * The items of a FETCH response, by upper-case name, from the opening parenthesis at `offset`
 * of the first segment on. Undefined for anything malformed.
 */
export const parseFetchItems = (segments: ResponseSegments, offset: number): ReadonlyMap<string, FetchValue> | undefined => {
  const cursor = new Cursor(segments, offset);
  if (cursor.peek() !== '(') return undefined;
  cursor.skip(1);
  const items = new Map<string, FetchValue>();
  for (cursor.skipSpaces(); cursor.peek() !== ')'; cursor.skipSpaces()) {
    const name = cursor.match(ITEM_NAME);
    if (name === undefined) return undefined;
    cursor.skipSpaces();
    const value = parseValue(cursor, 0);
    if (value === undefined) return undefined;
    items.set(name.toUpperCase(), value);
  }
  return items;
};

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DATE_TIME = /^ ?(\d{1,2})-([A-Za-z]{3})-(\d{4}) (\d{2}):(\d{2}):(\d{2}) ([+-])(\d{2})(\d{2})$/;

/** Reads an IMAP date-time (RFC 9051 §9), to the second; null when it is none. */
export const parseInternalDate = (value: FetchValue | undefined): Date | null => {
  const found = typeof value === 'string' ? DATE_TIME.exec(value) : null;
  if (!found) return null;
  const [, day, monthName = '', year, hour, minute, second, sign, zoneHours, zoneMinutes] = found;
  const month = MONTHS.indexOf(monthName.toLowerCase());
  if (month < 0) return null;
  const zoneMs = (sign === '-' ? -1 : 1) * (Number(zoneHours) * 60 + Number(zoneMinutes)) * 60_000;
  const date = new Date(Date.UTC(Number(year), month, Number(day), Number(hour), Number(minute), Number(second)) - zoneMs);
  // Beyond those years ISO 8601 needs another form, which not every reader knows.
  return date.getUTCFullYear() >= 0 && date.getUTCFullYear() <= 9999 ? date : null;
};

/** One field of a header block: unfolded, a character for each byte. */
export interface HeaderField {
  readonly name: string;
  readonly value: string;
}

/** Header fields further in are not looked for. */
const MAX_HEADER_BYTES = 256 * 1024;
/** Where the charset of a body is looked for. */
const CHARSET_WITHIN_BYTES = 64 * 1024;

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const TAB = 0x09;
const LOWER_CASE = 0x20;

/** Where the line that begins at `from` ends: behind its line feed, or with the bytes. */
const lineEnd = (bytes: Buffer, from: number): number => {
  const at = bytes.indexOf(LINE_FEED, from);
  return at < 0 ? bytes.length : at + 1;
};

const isFolded = (byte: number | undefined): boolean => byte === SPACE || byte === TAB;

const isBlankLine = (bytes: Buffer, at: number): boolean =>
  bytes[at] === LINE_FEED || (bytes[at] === CARRIAGE_RETURN && bytes[at + 1] === LINE_FEED);

/** Where the field that begins at `from` ends, with the lines that it goes on in. */
const fieldEnd = (bytes: Buffer, from: number): number => {
  let end = lineEnd(bytes, from);
  while (isFolded(bytes[end])) end = lineEnd(bytes, end);
  return end;
};

const readField = (bytes: Buffer, start: number, end: number, maxFieldBytes: number): HeaderField | null => {
  const line = bytes.toString('latin1', start, Math.min(end, start + maxFieldBytes));
  const colon = line.indexOf(':');
  if (colon < 1) return null;
  const name = line.slice(0, colon).trimEnd();
  return {
    name,
    value: line
      .slice(colon + 1)
      .replace(/\r?\n/g, '')
      .trim(),
  };
};

/** The bytes of the header block, without the blank line behind it; all of them where there is none. */
export const headerBlock = (message: Buffer): Buffer => {
  for (let start = 0; start < message.length; start = lineEnd(message, start))
    if (isBlankLine(message, start)) return message.subarray(0, start);
  return message;
};

/** The bytes behind the header block and its blank line; none where there is no blank line. */
export const bodyOf = (message: Buffer): Buffer => {
  const { length } = headerBlock(message);
  return message.subarray(length === message.length ? length : lineEnd(message, length));
};

/** All fields of a header block in order, each cut at `maxFieldBytes`. Lines that are no fields are left out. */
export function* headerFields(head: Buffer, maxFieldBytes: number): Generator<HeaderField> {
  const bytes = head.subarray(0, MAX_HEADER_BYTES);
  for (let start = 0; start < bytes.length && !isBlankLine(bytes, start); ) {
    const end = fieldEnd(bytes, start);
    const field = readField(bytes, start, end, maxFieldBytes);
    if (field) yield field;
    start = end;
  }
}

/**
 * Makes a function that finds fields by their lower-case names, in a message's first bytes: their values, of one that is there
 * twice the first. Others are passed over without being read.
 */
export const fieldFinder = <Name extends string>(names: readonly Name[], maxFieldBytes: number) => {
  const wanted: ReadonlySet<string> = new Set(names);
  const initials = new Set(names.map((name) => name.charCodeAt(0)));
  const isWanted = (name: string): name is Name => wanted.has(name);
  return (head: Buffer): Map<Name, string> => {
    const bytes = head.subarray(0, MAX_HEADER_BYTES);
    const found = new Map<Name, string>();
    for (let start = 0; start < bytes.length && found.size < names.length && !isBlankLine(bytes, start); ) {
      const mayBe = initials.has((bytes[start] ?? 0) | LOWER_CASE);
      const end = mayBe ? fieldEnd(bytes, start) : lineEnd(bytes, start);
      const field = mayBe ? readField(bytes, start, end, maxFieldBytes) : null;
      const name = field?.name.toLowerCase() ?? '';
      if (field && isWanted(name) && !found.has(name)) found.set(name, field.value);
      start = end;
    }
    return found;
  };
};

/** The first charset that the message names: of its body, or of the first part that has one. */
export const charsetHint = (head: Buffer): string | null =>
  /\bcharset\s*=\s*["']?([\w.:-]{1,40})/i.exec(head.toString('latin1', 0, CHARSET_WITHIN_BYTES))?.[1] ?? null;

/** One header field, unfolded. */
export interface HeaderField {
  /** In lower case; empty for a line that is no field. */
  readonly name: string;
  /** What is behind the colon, without line ends and without white space around it; latin-1, one character per byte. */
  readonly value: string;
}

const isFolded = (line: string): boolean => line.startsWith(' ') || line.startsWith('\t');

/** The fields of a header, by their order, up to the blank line. */
export const readFields = (header: Buffer): HeaderField[] => {
  const fields: { name: string; value: string }[] = [];
  for (const raw of header.toString('latin1').split('\n')) {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    if (line === '') break;
    const last = fields.at(-1);
    const colon = line.indexOf(':');
    if (isFolded(line) && last) last.value += line;
    else fields.push({ name: line.slice(0, Math.max(colon, 0)).trim().toLowerCase(), value: colon > 0 ? line.slice(colon + 1) : line });
  }
  return fields.map(({ name, value }) => ({ name, value: value.trim() }));
};

/** Of the first field of that name; undefined where there is none. */
export const fieldValue = (fields: readonly HeaderField[], name: string): string | undefined =>
  fields.find((field) => field.name === name)?.value;

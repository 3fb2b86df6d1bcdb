/** One header field, unfolded. */
export interface HeaderField {
  /** In lower case. */
  readonly name: string;
  /** What is behind the colon, without line ends and without white space around it; latin-1, one character per byte. */
  readonly value: string;
}

const isFolded = (line: string): boolean => line.startsWith(' ') || line.startsWith('\t');

/** The fields of a header, by their order, up to the blank line. A line that is no field belongs to none. */
export const readFields = (header: Buffer): HeaderField[] => {
  const fields: { name: string; value: string }[] = [];
  let isField = false;
  for (const raw of header.toString('latin1').split('\n')) {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    const last = fields.at(-1);
    if (isFolded(line)) {
      if (isField && last) last.value += line;
      continue;
    }
    if (line === '') break;
    const colon = line.indexOf(':');
    isField = colon > 0;
    if (isField) fields.push({ name: line.slice(0, colon).trimEnd().toLowerCase(), value: line.slice(colon + 1) });
  }
  return fields.map(({ name, value }) => ({ name, value: value.trim() }));
};

/** Of the first field of that name; undefined where there is none. */
export const fieldValue = (fields: readonly HeaderField[], name: string): string | undefined =>
  fields.find((field) => field.name === name)?.value;

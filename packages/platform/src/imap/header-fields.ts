/** One header field with its folded lines, as it stands in the message. */
interface HeaderField {
  /** In capitals; empty for a line that is none. */
  readonly name: string;
  readonly raw: Buffer;
}

const LF = 0x0a;
const CRLF = Buffer.from('\r\n');

const isFolded = (line: Buffer): boolean => line[0] === 0x20 || line[0] === 0x09;

const isBlank = (line: Buffer): boolean => line.length === 0 || line.equals(CRLF) || (line.length === 1 && line[0] === LF);

function* linesOf(header: Buffer): Generator<Buffer> {
  let start = 0;
  while (start < header.length) {
    const end = header.indexOf(LF, start);
    const next = end === -1 ? header.length : end + 1;
    yield header.subarray(start, next);
    start = next;
  }
}

/** The fields of a header in their order, up to the blank line. A line that is no field has no name. */
function* headerFields(header: Buffer): Generator<HeaderField> {
  let name: string | null = null;
  let lines: Buffer[] = [];
  for (const line of linesOf(header)) {
    if (isFolded(line)) {
      lines.push(line);
      continue;
    }
    if (name !== null) yield { name, raw: Buffer.concat(lines) };
    if (isBlank(line)) return;
    const colon = line.indexOf(':');
    name = colon > 0 ? line.toString('latin1', 0, colon).trimEnd().toUpperCase() : '';
    lines = [line];
  }
  if (name !== null) yield { name, raw: Buffer.concat(lines) };
}

/** RFC 3501 §6.4.5: the wanted fields and the blank line. */
export const pickFields = (header: Buffer, names: ReadonlySet<string>, isExcluding: boolean): Buffer => {
  const picked = headerFields(header).filter(({ name }) => names.has(name) !== isExcluding);
  return Buffer.concat([...picked.map(({ raw }) => raw), CRLF]);
};

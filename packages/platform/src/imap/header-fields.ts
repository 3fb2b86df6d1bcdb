/** Where the line ends that begins at `start`, its line end included. */
const lineEnd = (header: string, start: number): number => {
  const end = header.indexOf('\n', start);
  return end === -1 ? header.length : end + 1;
};

const isFolded = (header: string, start: number): boolean => header[start] === ' ' || header[start] === '\t';

const isBlank = (line: string): boolean => line === '\r\n' || line === '\n';

/** In capitals; empty for a line that is no field, which so has no name that could be asked for. */
const nameOf = (line: string): string =>
  line
    .slice(0, Math.max(line.indexOf(':'), 0))
    .trimEnd()
    .toUpperCase();

/**
 * RFC 3501 §6.4.5: the wanted fields as they stand, folded lines and all, and the blank line.
 * @param header latin-1, one character per byte, as is the result
 * @param names in capitals
 */
export const pickFields = (header: string, names: ReadonlySet<string>, isExcluding: boolean): string => {
  let picked = '';
  let next = 0;
  for (let start = 0; start < header.length; start = next) {
    next = lineEnd(header, start);
    const line = header.slice(start, next);
    if (isBlank(line)) break;
    while (next < header.length && isFolded(header, next)) next = lineEnd(header, next);
    if (names.has(nameOf(line)) !== isExcluding) picked += header.slice(start, next);
  }
  return `${picked}\r\n`;
};

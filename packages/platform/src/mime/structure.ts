import { fieldValue, type HeaderField, readFields } from './header.ts';
import { isMessage, type MimePart, splitType } from './mime-part.ts';
import { type ParameterizedValue, parameterOf, readParameterized } from './parameters.ts';

/** Deeper parts and further ones count as plain content. */
const MAX_DEPTH = 100;
const MAX_PARTS = 10_000;
/** What of a header is read for its fields. */
export const MAX_HEADER_BYTES = 1024 * 1024;
/** What of all headers of a message together is. */
const MAX_HEADERS_BYTES = 4 * MAX_HEADER_BYTES;
/** Boundaries have at most 70 characters, RFC 2046 §5.1.1; some write longer ones. */
const MAX_BOUNDARY = 1000;
const LF = 0x0a;
const CR = 0x0d;
const DASH = 0x2d;

/** A part that is being read. */
interface OpenPart {
  /** Of its content, where it has no Content-Type. */
  readonly defaultType: string;
  readonly headerFrom: number;
  readonly headerLines: Buffer[];
  /** Infinite where not all of it is kept. */
  headerBytes: number;
  /** Null while its header is being read. */
  bodyFrom: number | null;
  /** Line ends of the whole message before the body. */
  linesBefore: number;
  fields: readonly HeaderField[];
  contentType: ParameterizedValue;
  type: string;
  subtype: string;
  /** Of a multipart, until its closing boundary. */
  boundary: string | null;
  readonly parts: MimePart[];
  message: MimePart | null;
}

const isBlank = (line: Buffer): boolean => line[0] === LF || (line[0] === CR && line[1] === LF);

/** Whether its content stands as it is, so that a message in it can be read. */
const isIdentity = (fields: readonly HeaderField[]): boolean =>
  !/^(base64|quoted-printable)$/i.test(fieldValue(fields, 'content-transfer-encoding') ?? '');

/** Cuts a message, line by line, in one pass over its bytes. */
class Cutter {
  /** From the message to the innermost part. */
  readonly #open: OpenPart[] = [];
  #partCount = 0;
  #lineCount = 0;
  #headersBytes = 0;
  #root: MimePart | null = null;

  constructor() {
    this.#begin(0, 'text/plain');
  }

  /** About what the structure takes of memory. */
  get weightBytes(): number {
    return 4 * this.#headersBytes + 1000 * this.#partCount;
  }

  /** Whether a line that does not begin with `--` is only counted. */
  get isInBody(): boolean {
    const part = this.#open[this.#open.length - 1];
    return part !== undefined && part.bodyFrom !== null;
  }

  /** Such a line. */
  countLine(): void {
    this.#lineCount += 1;
  }

  /** One line with its end; `from` is its offset, `eolBefore` the length of the line end before it. */
  line(bytes: Buffer, from: number, eolBefore: number): void {
    const mayBeBoundary = bytes[0] === DASH && bytes[1] === DASH && this.#partCount < MAX_PARTS;
    const boundary = mayBeBoundary ? this.#boundaryAt(bytes) : null;
    const part = this.#open[this.#open.length - 1];
    if (boundary) {
      this.#closeAbove(boundary.level, from, eolBefore);
      if (bytes[bytes.length - 1] === LF) this.#lineCount += 1;
      const multipart = this.#open[boundary.level];
      if (multipart && boundary.isLast) multipart.boundary = null;
      else this.#begin(from + bytes.length, multipart?.subtype === 'DIGEST' ? 'message/rfc822' : 'text/plain');
      return;
    }
    if (bytes[bytes.length - 1] === LF) this.#lineCount += 1;
    if (part && part.bodyFrom === null) this.#headerLine(part, bytes, from + bytes.length);
  }

  /** What goes on with a line that was too long for one piece. */
  more(bytes: Buffer): void {
    if (bytes[bytes.length - 1] === LF) this.#lineCount += 1;
    const part = this.#open[this.#open.length - 1];
    if (part && part.bodyFrom === null) this.#keepHeader(part, bytes);
  }

  /** Where the message ends. */
  end(at: number): MimePart {
    this.#closeAbove(-1, at, 0);
    if (!this.#root) throw new Error('the message itself was not closed');
    return this.#root;
  }

  #begin(from: number, defaultType: string): void {
    this.#partCount += 1;
    this.#open.push({
      defaultType,
      headerFrom: from,
      headerLines: [],
      headerBytes: 0,
      bodyFrom: null,
      linesBefore: 0,
      fields: [],
      contentType: { value: '', parameters: [] },
      type: '',
      subtype: '',
      boundary: null,
      parts: [],
      message: null,
    });
  }

  #headerLine(part: OpenPart, bytes: Buffer, to: number): void {
    this.#keepHeader(part, bytes);
    if (!isBlank(bytes)) return;
    this.#endHeader(part, to);
    if (this.#open.length >= MAX_DEPTH || this.#partCount >= MAX_PARTS) return;
    const boundary = parameterOf(part.contentType, 'boundary')?.trimEnd() ?? '';
    if (part.type === 'MULTIPART' && boundary !== '' && boundary.length <= MAX_BOUNDARY) part.boundary = boundary;
    if (isMessage(part) && isIdentity(part.fields)) this.#begin(to, 'text/plain');
  }

  #keepHeader(part: OpenPart, bytes: Buffer): void {
    part.headerBytes += bytes.length;
    // Nothing behind a gap is kept: it would go on with the wrong line.
    if (part.headerBytes > MAX_HEADER_BYTES || this.#headersBytes + bytes.length > MAX_HEADERS_BYTES)
      part.headerBytes = Number.POSITIVE_INFINITY;
    if (part.headerBytes > MAX_HEADER_BYTES) return;
    this.#headersBytes += bytes.length;
    // Copied, because a line may stand in a buffer that is much larger.
    part.headerLines.push(Buffer.from(bytes));
  }

  #endHeader(part: OpenPart, bodyFrom: number): void {
    part.bodyFrom = bodyFrom;
    part.linesBefore = this.#lineCount;
    part.fields = readFields(Buffer.concat(part.headerLines));
    part.headerLines.length = 0;
    part.contentType = readParameterized(fieldValue(part.fields, 'content-type') ?? part.defaultType);
    const [type, subtype] = splitType(part.contentType) ?? ['text', 'plain'];
    part.type = type.toUpperCase();
    part.subtype = subtype.toUpperCase();
  }

  /**
   * The multipart whose boundary the line begins with, RFC 2046 §5.1.1; the longest one where several do, as one may be the beginning
   * of another, and the innermost of equal ones.
   */
  #boundaryAt(bytes: Buffer): { readonly level: number; readonly isLast: boolean } | null {
    const text = bytes.toString('latin1', 2, MAX_BOUNDARY + 4).trimEnd();
    let found = -1;
    let longest = '';
    for (let level = this.#open.length - 1; level >= 0; level -= 1) {
      const boundary = this.#open[level]?.boundary ?? null;
      if (boundary === null || boundary.length <= longest.length || !text.startsWith(boundary)) continue;
      longest = boundary;
      found = level;
    }
    return found === -1 ? null : { level: found, isLast: text.startsWith('--', longest.length) };
  }

  /** Ends the parts above the level; the line end before `at` belongs to the boundary that stands there. */
  #closeAbove(level: number, at: number, eolBefore: number): void {
    for (let part = this.#open[this.#open.length - 1]; part && this.#open.length - 1 > level; part = this.#open.at(-1)) {
      this.#open.pop();
      const closed = this.#close(part, at, eolBefore);
      const parent = this.#open.at(-1);
      if (!parent) this.#root = closed;
      else if (parent.type === 'MULTIPART') parent.parts.push(closed);
      else parent.message = closed;
    }
  }

  #close(part: OpenPart, at: number, eolBefore: number): MimePart {
    if (part.bodyFrom === null) this.#endHeader(part, Math.max(at - eolBefore, part.headerFrom));
    const from = part.bodyFrom ?? at;
    const to = Math.max(at - eolBefore, from);
    // The line end of the boundary counts only where it stands in the body.
    const lines = this.#lineCount - part.linesBefore - (eolBefore > 0 && at - eolBefore >= from ? 1 : 0);
    const { fields, contentType, type, subtype, parts, message } = part;
    return {
      header: { from: part.headerFrom, to: Math.max(Math.min(from, at - eolBefore), part.headerFrom) },
      body: { from, to },
      lines: Math.max(lines, 0),
      fields,
      contentType,
      type,
      subtype,
      parts,
      message,
    };
  }
}

/** Length of the line end of a line or of its last piece. */
const endLength = (line: Buffer, byteBefore: number | undefined): number => {
  if (line[line.length - 1] !== LF) return 0;
  return (line.length > 1 ? line[line.length - 2] : byteBefore) === CR ? 2 : 1;
};

/** A line that is longer is looked at in pieces, of which only the first can be a boundary. */
const MAX_LINE = 64 * 1024;

/** Reads the structure of a message that comes in pieces. Never throws for what is in it; takes time and memory as its size, and its headers, are. */
export class StructureReader {
  readonly #cutter = new Cutter();
  /** Of a line that has not ended. */
  #rest: Buffer = Buffer.alloc(0);
  #offset = 0;
  #eolBefore = 0;
  #isLineStart = true;
  #lastByte: number | undefined;

  write(piece: Buffer): void {
    const bytes = this.#rest.length === 0 ? piece : Buffer.concat([this.#rest, piece]);
    let start = 0;
    for (;;) {
      const end = bytes.indexOf(LF, start);
      if (end === -1 && bytes.length - start <= MAX_LINE) break;
      if (end !== -1 && this.#isLineStart && this.#cutter.isInBody && bytes[start] !== DASH) {
        this.#cutter.countLine();
        this.#offset += end + 1 - start;
        this.#eolBefore = end > start && bytes[end - 1] === CR ? 2 : 1;
        start = end + 1;
        continue;
      }
      const next = end === -1 || end - start >= MAX_LINE ? start + MAX_LINE : end + 1;
      this.#take(bytes.subarray(start, next));
      start = next;
    }
    this.#rest = bytes.subarray(start);
  }

  /** About what the structure takes of memory. */
  get weightBytes(): number {
    return this.#cutter.weightBytes;
  }

  /** To be called once, behind the last piece. */
  end(): MimePart {
    if (this.#rest.length > 0) this.#take(this.#rest);
    return this.#cutter.end(this.#offset);
  }

  #take(line: Buffer): void {
    if (this.#isLineStart) this.#cutter.line(line, this.#offset, this.#eolBefore);
    else this.#cutter.more(line);
    this.#offset += line.length;
    this.#eolBefore = endLength(line, this.#isLineStart ? undefined : this.#lastByte);
    this.#lastByte = line[line.length - 1];
    this.#isLineStart = this.#eolBefore > 0;
  }
}

export const readStructure = (pieces: Iterable<Buffer>): MimePart => {
  const reader = new StructureReader();
  for (const piece of pieces) reader.write(piece);
  return reader.end();
};

import { bodyOf, fieldFinder, headerBlock } from './header-fields.ts';
import { type ParameterizedField, readParameters } from './header-parameters.ts';

/** A part of a message that has no parts of its own. */
export interface MimePart {
  /** `text/plain`, in lower case. */
  readonly contentType: string;
  /** As it is labelled; null where it isn't. */
  readonly charset: string | null;
  /** Decoded; null where it has none. */
  readonly fileName: string | null;
  /** Something beside the text, that a mail program would offer to save. */
  readonly isAttachment: boolean;
  /** In lower case. */
  readonly transferEncoding: string;
  /** Still encoded. */
  readonly body: Buffer;
  /** Parts with the same number are one content in several forms (multipart/alternative); null for one that stands alone. */
  readonly alternative: number | null;
}

export interface MimeParts {
  /** In the order of the message. */
  readonly parts: readonly MimePart[];
  /** False when there are more of them, or deeper ones, than are looked at. */
  readonly isWhole: boolean;
}

const MAX_DEPTH = 30;
const MAX_PARTS = 1_000;
const MAX_BOUNDARY_UNITS = 200;
const MAX_FIELD_BYTES = 4 * 1024;

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

const findFields = fieldFinder(['content-type', 'content-transfer-encoding', 'content-disposition', 'content-id'], MAX_FIELD_BYTES);

/** Where the body of a multipart is divided. */
interface Delimiter {
  /** Of its line; the line end before it belongs to it (RFC 2046 §5.1.1). */
  readonly start: number;
  readonly end: number;
  readonly isLast: boolean;
}

const withoutLineEnd = (bytes: Buffer, end: number): number => {
  if (bytes[end - 1] !== LINE_FEED) return end;
  return bytes[end - 2] === CARRIAGE_RETURN ? end - 2 : end - 1;
};

const nextDelimiter = (body: Buffer, boundary: string, from: number): Delimiter | null => {
  const dashed = Buffer.from(`--${boundary}`, 'latin1');
  for (let at = body.indexOf(dashed, from); at >= 0; at = body.indexOf(dashed, at + dashed.length)) {
    if (at > 0 && body[at - 1] !== LINE_FEED) continue;
    const lineFeed = body.indexOf(LINE_FEED, at);
    const end = lineFeed < 0 ? body.length : lineFeed + 1;
    const rest = body.toString('latin1', at + dashed.length, Math.min(end, at + dashed.length + MAX_BOUNDARY_UNITS));
    if (/^(?:--)?\s*$/.test(rest)) return { start: withoutLineEnd(body, at), end, isLast: rest.startsWith('--') };
  }
  return null;
};

/** The parts between the delimiters. A last one that is missing is taken to stand at the end. */
function* splitMultipart(body: Buffer, boundary: string): Generator<Buffer> {
  let delimiter = nextDelimiter(body, boundary, 0);
  while (delimiter && !delimiter.isLast) {
    const next = nextDelimiter(body, boundary, delimiter.end);
    yield body.subarray(delimiter.end, Math.max(delimiter.end, next?.start ?? body.length));
    delimiter = next;
  }
}

/** What stands around the entity that is looked at. */
interface Surroundings {
  readonly depth: number;
  readonly alternative: number | null;
  /** RFC 2046 §5.1.5. */
  readonly defaultType: string;
}

class PartCollector {
  readonly parts: MimePart[] = [];
  isWhole = true;
  #alternatives = 0;
  readonly #hint: () => string | null;

  constructor(hint: () => string | null) {
    this.#hint = hint;
  }

  collect(entity: Buffer, surroundings: Surroundings): void {
    if (surroundings.depth > MAX_DEPTH || this.parts.length >= MAX_PARTS) {
      this.isWhole = false;
      return;
    }
    const fields = findFields(headerBlock(entity));
    const declared = readParameters(fields.get('content-type') ?? '', this.#hint);
    const contentType = declared.value.includes('/') ? declared.value : surroundings.defaultType;
    const transferEncoding = (fields.get('content-transfer-encoding') ?? '').split('(', 1).join('').trim().toLowerCase();
    const body = bodyOf(entity);
    const boundary = declared.parameter('boundary');
    if (contentType.startsWith('multipart/') && boundary && boundary.length <= MAX_BOUNDARY_UNITS) {
      this.#collectParts(body, boundary, contentType, surroundings);
    } else if (contentType === 'message/rfc822' && transferEncoding !== 'base64' && transferEncoding !== 'quoted-printable') {
      this.collect(body, { depth: surroundings.depth + 1, alternative: null, defaultType: 'text/plain' });
    } else {
      const disposition = readParameters(fields.get('content-disposition') ?? '', this.#hint);
      const fileName = disposition.parameter('filename') ?? declared.parameter('name');
      const isAttachment = isBesideTheText(contentType, disposition, fileName, fields.has('content-id'));
      const charset = declared.parameter('charset');
      // A multipart that can't be divided is shown as it stands.
      const shownType = contentType.startsWith('multipart/') ? 'text/plain' : contentType;
      this.parts.push({
        contentType: shownType,
        charset,
        fileName,
        isAttachment,
        transferEncoding,
        body,
        alternative: surroundings.alternative,
      });
    }
  }

  #collectParts(body: Buffer, boundary: string, contentType: string, { depth, alternative }: Surroundings): void {
    const isAlternative = contentType === 'multipart/alternative';
    if (isAlternative) this.#alternatives += 1;
    const within = isAlternative ? this.#alternatives : alternative;
    const defaultType = contentType === 'multipart/digest' ? 'message/rfc822' : 'text/plain';
    for (const part of splitMultipart(body, boundary)) {
      this.collect(part, { depth: depth + 1, alternative: within, defaultType });
      if (!this.isWhole) return;
    }
  }
}

/** Pictures that an HTML text shows (they have a Content-ID) are part of it. */
const isBesideTheText = (contentType: string, { value }: ParameterizedField, fileName: string | null, hasId: boolean): boolean => {
  if (value === 'attachment') return true;
  if (contentType === 'text/plain' || contentType === 'text/html') return fileName !== null && value !== 'inline';
  return !(contentType.startsWith('multipart/') || contentType.startsWith('message/') || (hasId && contentType.startsWith('image/')));
};

/**
 * Takes a message apart by MIME (RFC 2045, 2046): the parts that hold something, also those of messages within it. Reads what is
 * there of a message that was cut off. `hint` gives the charset that the message names. Bounded, and never throws.
 */
export const mimeParts = (message: Buffer, hint: () => string | null): MimeParts => {
  const collector = new PartCollector(hint);
  collector.collect(message, { depth: 0, alternative: null, defaultType: 'text/plain' });
  return { parts: collector.parts, isWhole: collector.isWhole };
};

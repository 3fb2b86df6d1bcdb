import { readAddresses } from '../mime/addresses.ts';
import { openText } from '../mime/charset.ts';
import { decodeWords } from '../mime/encoded-words.ts';
import { foldText, TextFinder } from '../mime/folded-text.ts';
import { fieldValue, type HeaderField, readFields } from '../mime/header.ts';
import type { MimePart } from '../mime/mime-part.ts';
import { parameterOf, readParameterized } from '../mime/parameters.ts';
import { sentDay } from '../mime/sent-day.ts';
import { MAX_HEADER_BYTES } from '../mime/structure.ts';
import { openTransferEncoding } from '../mime/transfer-encoding.ts';
import type { StoredMessage } from '../store/messages.ts';
import type { HeaderQuestion } from './message-search.ts';
import type { Pause } from './pause.ts';
import type { Session } from './session.ts';

const ADDRESS_FIELDS: ReadonlySet<string> = new Set(['from', 'sender', 'reply-to', 'to', 'cc', 'bcc']);

const charsetOf = (fields: readonly HeaderField[]): string =>
  parameterOf(readParameterized(fieldValue(fields, 'content-type') ?? ''), 'charset') ?? '';

/** Addresses without comments and needless quotes, as they are looked for. */
const plainAddresses = (value: string): string =>
  readAddresses(value)
    .map(({ name, mailbox, host }) => `${name ?? ''} ${mailbox ?? ''}${host === null ? '' : `@${host}`}`)
    .join(', ');

/** The header of a message, decoded when it is asked for. */
export class SearchedHeader {
  readonly #fields: readonly HeaderField[];
  readonly #charset: string;
  readonly #forms = new Map<HeaderField, readonly string[]>();
  #foldedText: string | null = null;

  constructor(fields: readonly HeaderField[]) {
    this.#fields = fields;
    this.#charset = charsetOf(fields);
  }

  answer(question: HeaderQuestion): boolean {
    if (question.kind === 'header') return this.#has(question.name, question.text);
    const day = sentDay(fieldValue(this.#fields, 'date') ?? '');
    return day !== null && question.test(day);
  }

  /** All fields as they are looked for by TEXT. */
  get text(): string {
    return this.#fields.map(({ name, value }) => `${name && `${name}: `}${this.#decode(value)}\n`).join('');
  }

  get foldedText(): string {
    this.#foldedText ??= foldText(this.text);
    return this.#foldedText;
  }

  /** An empty text only asks whether there is the field, RFC 3501 §6.4.4. */
  #has(name: string, text: string): boolean {
    return this.#fields.some((field) => field.name === name && (text === '' || this.#formsOf(field).some((form) => form.includes(text))));
  }

  /** What a field is found by, folded. */
  #formsOf(field: HeaderField): readonly string[] {
    const known = this.#forms.get(field);
    if (known) return known;
    const values = ADDRESS_FIELDS.has(field.name) ? [field.value, plainAddresses(field.value)] : [field.value];
    const forms = values.map((value) => foldText(this.#decode(value)));
    this.#forms.set(field, forms);
    return forms;
  }

  #decode(value: string): string {
    return decodeWords(value, this.#charset);
  }
}

export const readSearchedHeader = ({ store }: Session, { bodyId, headerBytes }: StoredMessage): SearchedHeader => {
  const pieces = store.messages.bodies.read(bodyId, 0, Math.min(headerBytes, MAX_HEADER_BYTES));
  return new SearchedHeader(readFields(Buffer.concat([...pieces])));
};

type ReadBytes = (from: number, to: number) => Iterable<Buffer>;

/** Text that belongs together, in pieces. */
interface Passage {
  /** Of MIME, which nobody who reads the message sees. */
  readonly isPartHeader: boolean;
  readonly pieces: Iterable<string>;
}

function* decodedPieces({ fields, contentType, body }: MimePart, read: ReadBytes): Generator<string> {
  const transfer = openTransferEncoding(fieldValue(fields, 'content-transfer-encoding') ?? '');
  const charset = openText(parameterOf(contentType, 'charset') ?? '');
  for (const bytes of read(body.from, body.to)) yield charset.write(transfer.write(bytes));
  yield charset.write(transfer.end()) + charset.end();
}

/** What is in the part, below its own header: text, reports such as `message/delivery-status`, and the headers of what it holds. */
function* passages(part: MimePart, read: ReadBytes): Generator<Passage> {
  const { message, parts, type, body } = part;
  for (const inner of message ? [message] : parts) {
    yield { isPartHeader: message === null, pieces: [new SearchedHeader(inner.fields).text] };
    yield* passages(inner, read);
  }
  const isShown = type === 'TEXT' || (type === 'MESSAGE' && message === null);
  if (isShown && body.from < body.to) yield { isPartHeader: false, pieces: decodedPieces(part, read) };
}

/** What is looked for, folded, or what of it was found: in what BODY searches, and in what TEXT searches below the header. */
interface Searched<Texts> {
  readonly body: Texts;
  readonly text: Texts;
}

/** Other sessions have their turn meanwhile, so the caller holds the body. */
export const findInBody = async (
  { store, parts }: Session,
  message: StoredMessage,
  wanted: Searched<Iterable<string>>,
  pause: Pause,
): Promise<Searched<TextFinder>> => {
  const found = { body: new TextFinder(wanted.body), text: new TextFinder(wanted.text) };
  await parts.prepare(message);
  const read: ReadBytes = (from, to) => store.messages.bodies.read(message.bodyId, from, to);
  for (const { isPartHeader, pieces } of passages(parts.of(message), read)) {
    const finders = isPartHeader ? [found.text] : [found.body, found.text];
    for (const finder of finders) finder.cut();
    for (const piece of pieces) {
      for (const finder of finders) if (!finder.isDone) finder.write(piece);
      const due = pause();
      if (due) await due;
    }
    if (found.body.isDone && found.text.isDone) break;
  }
  return found;
};

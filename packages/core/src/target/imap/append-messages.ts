import { MailferryError } from '../../errors.ts';
import type { ImapWire, TaggedStatus } from '../../net/imap/imap-wire.ts';
import { MAX_LINE_BYTES, MAX_STRAY_RESPONSES } from '../../net/imap/imap-wire.ts';
import type { AppendAnswer, AppendedMessage } from '../append-target.ts';

/** Commands whose answers are still to come, where the server takes literals without being asked (LITERAL+, RFC 7888). */
const WINDOW_MESSAGES = 64;
const WINDOW_BYTES = 4 * 1024 * 1024;
/** What LITERAL- lets pass without asking. */
const SMALL_LITERAL_BYTES = 4096;

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** An IMAP date-time in UTC (RFC 9051 §9); null for a year that it can't write. */
const formatDateTime = (date: Date): string | null => {
  const year = date.getUTCFullYear();
  if (!(year >= 0 && year <= 9999)) return null;
  const two = (n: number): string => String(n).padStart(2, '0');
  const time = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
  return `"${two(date.getUTCDate())}-${MONTHS[date.getUTCMonth()]}-${String(year).padStart(4, '0')} ${time} +0000"`;
};

type LiteralForm = 'free' | 'small-free' | 'asked';

const literalForm = ({ capabilities }: ImapWire): LiteralForm => {
  if (capabilities.has('LITERAL+')) return 'free';
  return capabilities.has('LITERAL-') ? 'small-free' : 'asked';
};

interface UnderWay<Key> {
  readonly tag: string;
  readonly message: AppendedMessage<Key>;
}

/** Appends messages to a mailbox, whose name is quoted, pipelined where the server takes literals without being asked. Any error but a refusal ends the connection. */
export async function* appendMessages<Key>(
  wire: ImapWire,
  mailbox: string,
  messages: readonly AppendedMessage<Key>[],
): AsyncGenerator<AppendAnswer<Key>> {
  const form = literalForm(wire);
  const underWay: UnderWay<Key>[] = [];
  let underWayBytes = 0;
  let isDone = false;
  const answerNext = async (): Promise<AppendAnswer<Key>[]> => {
    const next = underWay.shift();
    if (!next) return [];
    underWayBytes -= next.message.sizeBytes;
    return [toAnswer(wire, next.message, await readStatus(wire, next.tag))];
  };
  try {
    for (const message of messages) {
      const isFree = form === 'free' || (form === 'small-free' && message.sizeBytes <= SMALL_LITERAL_BYTES);
      while (underWay.length > 0 && (!isFree || underWay.length >= WINDOW_MESSAGES || underWayBytes + message.sizeBytes > WINDOW_BYTES))
        yield* await answerNext();
      const tag = wire.nextTag();
      const command = `${tag} APPEND ${mailbox} ${describe(message)}{${message.sizeBytes}${isFree ? '+' : ''}}\r\n`;
      await wire.write(Buffer.from(command, 'latin1'));
      const refusal = isFree ? null : await awaitGoAhead(wire, tag);
      if (refusal) {
        yield toAnswer(wire, message, refusal);
        continue;
      }
      await writeBody(wire, message);
      underWay.push({ tag, message });
      underWayBytes += message.sizeBytes;
    }
    while (underWay.length > 0) yield* await answerNext();
    isDone = true;
  } finally {
    if (!isDone) wire.fail(wire.violation('an APPEND was left in the middle'));
  }
}

const describe = <Key>({ flags, internalDate }: AppendedMessage<Key>): string => {
  const date = internalDate && formatDateTime(internalDate);
  return `${flags.length > 0 ? `(${flags.join(' ')}) ` : ''}${date ? `${date} ` : ''}`;
};

const writeBody = async <Key>(wire: ImapWire, { body, sizeBytes }: AppendedMessage<Key>): Promise<void> => {
  if (Buffer.isBuffer(body)) await wire.write(body);
  else {
    let left = sizeBytes;
    // The last piece goes out when the body has ended well: without it the server has no whole message.
    let held: Buffer | null = null;
    for await (const piece of body) {
      if (piece.length === 0) continue;
      left -= piece.length;
      if (left < 0) throw wire.violation('a body has more bytes than was said');
      if (held) await wire.write(held);
      held = piece;
    }
    if (left > 0) throw wire.violation('a body has fewer bytes than was said');
    if (held) await wire.write(held);
  }
  await wire.write(Buffer.from('\r\n'));
};

/** Waits for `+`; the tagged answer where the server refuses at once. */
const awaitGoAhead = async (wire: ImapWire, tag: string): Promise<Refusable | null> => {
  for (let stray = 0; stray < MAX_STRAY_RESPONSES; stray += 1) {
    const text = await nextLine(wire);
    if (text.startsWith('+')) return null;
    if (text.startsWith(`${tag} `)) return readTagged(wire, text, tag);
  }
  throw wire.violation('endless answers to one command');
};

const readStatus = async (wire: ImapWire, tag: string): Promise<Refusable> => {
  for (let stray = 0; stray < MAX_STRAY_RESPONSES; stray += 1) {
    const text = await nextLine(wire);
    if (text.startsWith(`${tag} `)) return readTagged(wire, text, tag);
  }
  throw wire.violation('endless answers to one command');
};

const nextLine = async (wire: ImapWire): Promise<string> => {
  const [text = ''] = await wire.response(MAX_LINE_BYTES);
  const line = String(text);
  wire.throwIfBye(line);
  return line;
};

type Refusable = TaggedStatus | { readonly status: 'BAD'; readonly text: string };

const OVER_QUOTA = /^\[OVERQUOTA\]/i;

/** BAD is what some servers say to flags that they don't know; the others can go on. */
const readTagged = (wire: ImapWire, text: string, tag: string): Refusable => {
  const [, status = '', reply = ''] = /^\S+ (\S+) ?(.*)$/.exec(text) ?? [];
  if (OVER_QUOTA.test(reply)) throw new MailferryError('target-over-quota', { host: wire.host, reply });
  if (status.toUpperCase() === 'BAD') return { status: 'BAD', text: reply };
  return wire.status(text, tag);
};

const TOO_BIG = /^\[TOOBIG\]/i;
const APPEND_UID = /^\[APPENDUID (\d{1,10}) (\d{1,10})\]/i;

const toAnswer = <Key>(wire: ImapWire, { key, sizeBytes }: AppendedMessage<Key>, { status, text }: Refusable): AppendAnswer<Key> => {
  if (status === 'OK') return { kind: 'appended', key, uid: Number(APPEND_UID.exec(text)?.[2]) || null };
  const error = TOO_BIG.test(text)
    ? new MailferryError('message-too-large', { sizeBytes, limitBytes: sizeBytes - 1 })
    : new MailferryError('append-refused', { host: wire.host, reply: text });
  return { kind: 'refused', key, error };
};

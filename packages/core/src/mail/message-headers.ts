import { decodeUnlabelled } from './charset.ts';
import { parseHeaderDate } from './header-date.ts';
import { charsetHint, fieldFinder } from './header-fields.ts';
import { decodeHeaderText } from './header-text.ts';

/** What a message says of itself. For names, manifests and display; nothing may depend on it. */
export interface MessageHeaders {
  /** Decoded, on one line; empty where there is none. At most some 4,000 characters. */
  readonly subject: string;
  /** From 1970 to 9999; null where there is none that can be read. */
  readonly date: Date | null;
  /** With its angle brackets, where it has any; null where there is none, or one of more than 998 characters. */
  readonly messageId: string | null;
}

/** More of one field is not read. */
const MAX_FIELD_BYTES = 4096;
/** RFC 5322 §2.1.1: what a line can hold. */
const MAX_MESSAGE_ID_UNITS = 998;

const findFields = fieldFinder(['subject', 'date', 'message-id'], MAX_FIELD_BYTES);

/** Without control characters, which a terminal would obey. */
const onOneLine = (text: string): string => text.replace(/[\s\p{Cc}]+/gu, ' ').trim();

const toMessageId = (value: string): string | null => {
  const id = /<[^<>]*>/.exec(value)?.[0] ?? value;
  return id === '' || id.length > MAX_MESSAGE_ID_UNITS ? null : id;
};

/**
 * Reads a message's first bytes, with as much of its header block as they hold. Bounded, tolerant, and never throws, whatever the
 * bytes (SPEC K2, K3, K4).
 */
export const readHeaders = (head: Buffer): MessageHeaders => {
  const fields = findFields(head);
  const hint = (): string | null => charsetHint(head);
  return {
    subject: onOneLine(decodeHeaderText(fields.get('subject') ?? '', hint)),
    date: parseHeaderDate(fields.get('date') ?? ''),
    // An id holds no encoded words (RFC 2047 §5): what looks like one is part of it.
    messageId: toMessageId(onOneLine(decodeUnlabelled(Buffer.from(fields.get('message-id') ?? '', 'latin1'), hint))),
  };
};

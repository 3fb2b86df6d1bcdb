import type { ClientStream } from '../net/client-stream.ts';
import type { CommandText } from './grammar/cursor.ts';
import type { ImapLimits } from './limits.ts';

/** A literal too large to be taken, or one too many: `TOOBIG` is RFC 7889 §4, `LIMIT` for all of a command together RFC 5530 §3. */
export interface TooBig {
  readonly kind: 'too-big';
  /** As far as it was read. */
  readonly text: string;
  readonly mustClose: boolean;
  readonly code: 'TOOBIG' | 'LIMIT';
}

/** What came: a command, one with a literal too large to be taken, or the end of the connection. */
export type ReadCommand = { readonly kind: 'command'; readonly command: CommandText } | TooBig | { readonly kind: 'closed' };

const LITERAL_AT_END = /\{(\d{1,10})(\+?)\}$/;
/** A literal of 100 bytes costs as much as 1,000, so their number is bounded too. */
const MAX_LITERALS = 1000;
/** A refused literal that the client sends unasked is read over up to this many times the limit; beyond, the connection ends. */
const DISCARD_FACTOR = 4;

/**
 * Reads one command with its literals, RFC 3501 §4.3, RFC 7888. A literal that waits to be asked for
 * (`{n}`) is refused before any of it is read.
 * @throws LineTooLong, ClientGone
 */
export const readCommand = async (stream: ClientStream, limits: ImapLimits, isLoggedIn: boolean): Promise<ReadCommand> => {
  const literals: Buffer[] = [];
  let text = '';
  let literalBytes = 0;
  let discardedBytes = 0;
  let refusal: TooBig | null = null;
  for (;;) {
    const line = await stream.readLine(limits.lineBytes - text.length);
    if (!line) return { kind: 'closed' };
    text += line.toString('latin1');
    const announced = LITERAL_AT_END.exec(text);
    if (!announced) return refusal ? { ...refusal, text } : { kind: 'command', command: { text, literals } };

    const [, digits = '', plus] = announced;
    const sizeBytes = Number(digits);
    const isAppend = isLoggedIn && /^\S+ APPEND /i.test(text);
    const allowedBytes = (isAppend ? limits.messageBytes : limits.literalBytes) - literalBytes;
    if (sizeBytes > allowedBytes || literals.length === MAX_LITERALS) {
      const code = sizeBytes > limits.messageBytes ? 'TOOBIG' : 'LIMIT';
      const mustClose = plus !== '' && (!isLoggedIn || discardedBytes + sizeBytes > limits.messageBytes * DISCARD_FACTOR);
      refusal ??= { kind: 'too-big', text, mustClose, code };
      if (!plus || mustClose) return { ...refusal, mustClose };
    }
    if (!plus) {
      await stream.write('+ Ready\r\n');
      await stream.flush();
    }
    if (refusal) {
      await stream.discard(sizeBytes);
      discardedBytes += sizeBytes;
    } else {
      literals.push(await stream.readExactly(sizeBytes));
      literalBytes += sizeBytes;
    }
    text += '\r\n';
  }
};

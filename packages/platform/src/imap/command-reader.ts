import type { ClientStream } from '../net/client-stream.ts';
import type { CommandText } from './grammar/cursor.ts';
import type { ImapLimits } from './limits.ts';

/** What came: a command, one with a literal too large to be taken, or the end of the connection. */
export type ReadCommand =
  | { readonly kind: 'command'; readonly command: CommandText }
  | { readonly kind: 'too-big'; readonly text: string; readonly mustClose: boolean }
  | { readonly kind: 'closed' };

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
  let isTooBig = false;
  for (;;) {
    const line = await stream.readLine(limits.lineBytes - text.length);
    if (!line) return { kind: 'closed' };
    text += line.toString('latin1');
    const announced = LITERAL_AT_END.exec(text);
    if (!announced) return isTooBig ? { kind: 'too-big', text, mustClose: false } : { kind: 'command', command: { text, literals } };

    const [, digits = '', plus] = announced;
    const sizeBytes = Number(digits);
    const isAppend = isLoggedIn && /^\S+ APPEND /i.test(text);
    const allowedBytes = (isAppend ? limits.messageBytes : limits.literalBytes) - literalBytes;
    if (sizeBytes > allowedBytes || literals.length === MAX_LITERALS) {
      if (!plus) return { kind: 'too-big', text, mustClose: false };
      if (!isLoggedIn || sizeBytes > limits.messageBytes * DISCARD_FACTOR) return { kind: 'too-big', text, mustClose: true };
      isTooBig = true;
    }
    if (!plus) {
      await stream.write('+ Ready\r\n');
      await stream.flush();
    }
    if (isTooBig) await stream.discard(sizeBytes);
    else literals.push(await stream.readExactly(sizeBytes));
    literalBytes += sizeBytes;
    text += '\r\n';
  }
};

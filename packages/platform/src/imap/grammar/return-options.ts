import type { Cursor } from './cursor.ts';
import { ImapSyntaxError } from './imap-syntax-error.ts';

const OPTIONS = ['MIN', 'MAX', 'ALL', 'COUNT'] as const;
/** What ESEARCH gives of the messages that were found. */
export type ReturnOption = (typeof OPTIONS)[number];

const isOption = (name: string): name is ReturnOption => OPTIONS.some((option) => option === name);

/** RFC 4731 §3.1: `RETURN (...)` and a space, an empty list being ALL; null for a search that is answered as RFC 3501 has it. */
export const readReturnOptions = (cursor: Cursor): ReadonlySet<ReturnOption> | null => {
  if (cursor.peekWord() !== 'RETURN') return null;
  cursor.expect('RETURN ');
  const options = cursor.list(() => {
    const name = cursor.word();
    if (!isOption(name)) throw new ImapSyntaxError(`${name} is nothing that SEARCH returns`);
    return name;
  });
  cursor.space();
  return new Set(options.length === 0 ? ['ALL'] : options);
};

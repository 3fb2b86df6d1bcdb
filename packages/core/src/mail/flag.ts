/** RFC 9051 §2.3.2, without `\Recent`, which is the server's. */
const SYSTEM_FLAGS: ReadonlySet<string> = new Set(['\\seen', '\\answered', '\\flagged', '\\deleted', '\\draft']);
/** What an atom can't have (RFC 9051 §9), and what isn't a byte; `\` only begins a system flag. */
const UNSENDABLE = /[^\x21-\xff]|[(){%*"\]\x7f]|(?!^)\\/;

/** True for a flag that every server knows. */
export const isSystemFlag = (flag: string): boolean => SYSTEM_FLAGS.has(flag.toLowerCase());

/** True for a flag that an IMAP command can name. */
export const isSendable = (flag: string): boolean => flag !== '' && flag !== '\\' && !UNSENDABLE.test(flag);

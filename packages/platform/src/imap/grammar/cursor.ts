import { isUtf8 } from 'node:buffer';
import { PlatformError } from '../../platform-error.ts';
import { ImapSyntaxError } from './imap-syntax-error.ts';
import { decodeMailboxName } from './modified-utf7.ts';

/** One command as it came: the lines, where each `{n}` + CRLF stands for the literal of the same position. */
export interface CommandText {
  /** Latin-1: one character per byte. Without the final CRLF. */
  readonly text: string;
  readonly literals: readonly Buffer[];
}

/** RFC 3501 §9: any CHAR except `( ) {`, space, controls, `% *`, `" \`; `]` is allowed in an astring only. */
const ASTRING_CHAR = /[!#$&'+,\-./0-9:;<=>?@A-Z[\]^_`a-z|}~]/;
const ATOM_CHAR = /[!#$&'+,\-./0-9:;<=>?@A-Z[^_`a-z|}~]/;
const LITERAL = /\{\d+\+?\}\r?\n/y;
const MAX_NUMBER = 0xffffffff;
const MAX_MOD_SEQUENCE = 2n ** 63n - 1n;

/** Reads a command from left to right. Every method throws an ImapSyntaxError where the text is not what it reads. */
export class Cursor {
  readonly #text: string;
  readonly #literals: readonly Buffer[];
  #position = 0;
  readonly #hasUtf8Names: boolean;
  #literalsRead = 0;

  /** @param hasUtf8Names after ENABLE UTF8=ACCEPT, RFC 6855 §3: mailbox names are in UTF-8, not in modified UTF-7 */
  constructor({ text, literals }: CommandText, hasUtf8Names = false) {
    this.#hasUtf8Names = hasUtf8Names;
    this.#text = text;
    this.#literals = literals;
  }

  /** The next character, or an empty string at the end. */
  peek(): string {
    return this.#text.charAt(this.#position);
  }

  get isAtEnd(): boolean {
    return this.#position === this.#text.length;
  }

  /** Takes `text`, whatever its case, if it comes next. */
  accept(text: string): boolean {
    const isNext = this.#text.slice(this.#position, this.#position + text.length).toUpperCase() === text.toUpperCase();
    if (isNext) this.#position += text.length;
    return isNext;
  }

  expect(text: string): void {
    if (!this.accept(text)) throw new ImapSyntaxError(`Expected ${text === ' ' ? 'a space' : `"${text}"`} at ${this.#position}`);
  }

  space(): void {
    this.expect(' ');
  }

  end(): void {
    if (!this.isAtEnd) throw new ImapSyntaxError('There is something behind the end of the command');
  }

  /** In capitals: the name of a command, item or key. */
  word(): string {
    return this.#run(/[A-Za-z0-9.-]/, 'a word').toUpperCase();
  }

  /** As `word`, without going on; may be empty. */
  peekWord(): string {
    return (/^[A-Za-z0-9.-]*/.exec(this.#text.slice(this.#position, this.#position + 100))?.[0] ?? '').toUpperCase();
  }

  tag(): string {
    return this.#run(/[!#$&',\-./0-9:;<=>?@A-Z[\]^_`a-z|}~]/, 'a tag');
  }

  atom(): string {
    return this.#run(ATOM_CHAR, 'an atom');
  }

  /** 0 to 4,294,967,295. */
  number(): number {
    const value = Number(this.#run(/[0-9]/, 'a number'));
    if (value > MAX_NUMBER) throw new ImapSyntaxError('A number is too large');
    return value;
  }

  /** `mod-sequence-value` or 0, RFC 7162 §7: of 63 bits, of which the top ones only tell that nothing here is as high. */
  modSequence(): number {
    const digits = this.#run(/[0-9]/, 'a mod-sequence');
    if (BigInt(digits) > MAX_MOD_SEQUENCE) throw new ImapSyntaxError('A mod-sequence is too large');
    return Math.min(Number(digits), Number.MAX_SAFE_INTEGER);
  }

  /** `seq-number / "*"` of RFC 3501 §9; `*` is Infinity. */
  sequenceNumber(): number {
    if (this.accept('*')) return Number.POSITIVE_INFINITY;
    const value = this.number();
    if (value === 0) throw new ImapSyntaxError('0 is no message number');
    return value;
  }

  /** `flag`: an atom, or a backslash and an atom. */
  flag(): string {
    return this.accept('\\') ? `\\${this.atom()}` : this.atom();
  }

  /** Items in parentheses, with one space between them. */
  list<Item>(readItem: () => Item): Item[] {
    this.expect('(');
    const items: Item[] = [];
    if (this.accept(')')) return items;
    do items.push(readItem());
    while (this.accept(' '));
    this.expect(')');
    return items;
  }

  /** A quoted string or a literal. */
  string(): Buffer {
    return this.peek() === '"' ? Buffer.from(this.#quoted(), 'latin1') : this.literal();
  }

  /** An atom, a quoted string or a literal. */
  astring(): Buffer {
    return this.peek() === '"' || this.peek() === '{' ? this.string() : Buffer.from(this.#run(ASTRING_CHAR, 'a string'), 'latin1');
  }

  literal(): Buffer {
    LITERAL.lastIndex = this.#position;
    const literal = LITERAL.test(this.#text) ? this.#literals[this.#literalsRead] : undefined;
    if (!literal) throw new ImapSyntaxError(`Expected a string at ${this.#position}`);
    this.#position = LITERAL.lastIndex;
    this.#literalsRead += 1;
    return literal;
  }

  /** @throws also PlatformError `mailbox-name-invalid` for a string that is in the wrong encoding */
  mailboxName(): string {
    const name = this.#decoded(this.astring());
    if (name === null)
      throw new PlatformError('mailbox-name-invalid', `That is no valid ${this.#hasUtf8Names ? 'UTF-8' : 'modified UTF-7'}`);
    return name;
  }

  /** `list-mailbox`: an astring where `%` and `*` are allowed in an atom too. Null for one that can match no name. */
  mailboxPattern(): string | null {
    const isString = this.peek() === '"' || this.peek() === '{';
    const bytes = isString ? this.string() : Buffer.from(this.#run(/[%*!#$&'+,\-./0-9:;<=>?@A-Z[\]^_`a-z|}~]/, 'a pattern'), 'latin1');
    return this.#decoded(bytes);
  }

  #decoded(bytes: Buffer): string | null {
    if (!this.#hasUtf8Names) return decodeMailboxName(bytes.toString('latin1'));
    return isUtf8(bytes) ? bytes.toString('utf8') : null;
  }

  #quoted(): string {
    this.expect('"');
    let value = '';
    for (;;) {
      const character = this.#text.charAt(this.#position++);
      if (character === '"') return value;
      const taken = character === '\\' ? this.#text.charAt(this.#position++) : character;
      if (taken === '' || taken === '\0' || taken === '\r' || taken === '\n')
        throw new ImapSyntaxError('A quoted string has no end, or holds NUL');
      value += taken;
    }
  }

  #run(allowed: RegExp, what: string): string {
    const start = this.#position;
    while (this.#position < this.#text.length && allowed.test(this.peek())) this.#position += 1;
    if (this.#position === start) throw new ImapSyntaxError(`Expected ${what} at ${start}`);
    return this.#text.slice(start, this.#position);
  }
}

/** An address as ENVELOPE has it, RFC 3501 §7.4.2. Latin-1, one character per byte. */
export interface EnvelopeAddress {
  /** The display name, or the comment that stands for it. */
  readonly name: string | null;
  /** The source route of RFC 822. */
  readonly route: string | null;
  /** The local part; the group's name where `host` is null; null at the end of a group. */
  readonly mailbox: string | null;
  readonly host: string | null;
}

const MAX_ADDRESSES = 10_000;
const SPECIALS = '()<>@,;:\\".[]';

interface Token {
  readonly kind: 'special' | 'atom' | 'quoted' | 'comment' | 'literal';
  readonly text: string;
  /** Whether white space stands before it. */
  readonly isApart: boolean;
}

/** From behind the opening character; gives what is inside, unescaped, and where to go on. */
const readDelimited = (text: string, from: number, open: string, close: string): { readonly inside: string; readonly next: number } => {
  let inside = '';
  let depth = 1;
  for (let position = from; position < text.length; position += 1) {
    const character = text.charAt(position);
    if (character === '\\') {
      position += 1;
      inside += text.charAt(position);
      continue;
    }
    if (character === close) depth -= 1;
    else if (character === open) depth += 1;
    if (depth === 0) return { inside, next: position + 1 };
    inside += character;
  }
  return { inside, next: text.length };
};

const DELIMITED: Readonly<Record<string, readonly [kind: Token['kind'], close: string]>> = {
  '"': ['quoted', '"'],
  '(': ['comment', ')'],
  '[': ['literal', ']'],
};

/** RFC 822 §3.3. */
const tokenize = (text: string): Token[] => {
  const tokens: Token[] = [];
  let position = 0;
  let isApart = false;
  const put = (kind: Token['kind'], token: string, next: number): void => {
    tokens.push({ kind, text: token, isApart });
    position = next;
    isApart = false;
  };
  while (position < text.length && tokens.length < 10 * MAX_ADDRESSES) {
    const character = text.charAt(position);
    const [kind, close] = DELIMITED[character] ?? [];
    if (character === ' ' || character === '\t') {
      isApart = true;
      position += 1;
    } else if (kind && close) {
      const { inside, next } = readDelimited(text, position + 1, kind === 'comment' ? '(' : '', close);
      put(kind, kind === 'literal' ? `[${inside}]` : inside, next);
    } else if (SPECIALS.includes(character)) put('special', character, position + 1);
    else {
      let end = position + 1;
      while (end < text.length && !` \t${SPECIALS}`.includes(text.charAt(end))) end += 1;
      put('atom', text.slice(position, end), end);
    }
  }
  return tokens;
};

const withoutComments = (tokens: readonly Token[]): Token[] => tokens.filter(({ kind }) => kind !== 'comment');

/** Words with one space where white space, or a comment, stood between them. */
const phrase = (tokens: readonly Token[]): string => {
  let text = '';
  let isAfterComment = false;
  for (const token of tokens) {
    if (token.kind !== 'comment') text += text !== '' && (token.isApart || isAfterComment) ? ` ${token.text}` : token.text;
    isAfterComment = token.kind === 'comment';
  }
  return text;
};

/** A local part or a domain: no spaces. */
const solid = (tokens: readonly Token[]): string =>
  withoutComments(tokens)
    .map(({ text }) => text)
    .join('');

const commentOf = (tokens: readonly Token[]): string | null => tokens.find(({ kind }) => kind === 'comment')?.text || null;

const isSpecial = (token: Token, text: string): boolean => token.kind === 'special' && token.text === text;

/** Words without an `@` and a host, of which at least two are no local part but a name. */
const isName = (tokens: readonly Token[]): boolean => {
  const words = withoutComments(tokens);
  return !words.some((token) => isSpecial(token, '@')) && words.some(({ isApart }, index) => isApart && index > 0);
};

const splitAt = (tokens: readonly Token[]): { readonly mailbox: string; readonly host: string } => {
  const at = tokens.findLastIndex((token) => isSpecial(token, '@'));
  return at === -1 ? { mailbox: solid(tokens), host: '' } : { mailbox: solid(tokens.slice(0, at)), host: solid(tokens.slice(at + 1)) };
};

/** What stands for a part that is missing, so that it is not taken for a group. */
const present = (text: string, missing: string): string => (text === '' ? missing : text);

/** The tokens of one address, without commas. */
const readAddress = (tokens: readonly Token[]): EnvelopeAddress | null => {
  const open = tokens.findIndex((token) => isSpecial(token, '<'));
  if (open === -1) {
    if (tokens.every(({ kind }) => kind === 'comment')) return null;
    if (isName(tokens)) return { name: phrase(tokens), route: null, mailbox: 'MISSING_MAILBOX', host: 'MISSING_DOMAIN' };
    const { mailbox, host } = splitAt(tokens);
    return { name: commentOf(tokens), route: null, mailbox: present(mailbox, 'MISSING_MAILBOX'), host: present(host, 'MISSING_DOMAIN') };
  }
  const close = tokens.findIndex((token, index) => index > open && isSpecial(token, '>'));
  const inside = tokens.slice(open + 1, close === -1 ? tokens.length : close);
  const routeEnd = inside[0] && isSpecial(inside[0], '@') ? inside.findIndex((token) => isSpecial(token, ':')) : -1;
  const { mailbox, host } = splitAt(inside.slice(routeEnd + 1));
  const name = phrase(tokens.slice(0, open));
  return {
    name: name === '' ? commentOf(tokens) : name,
    route: routeEnd === -1 ? null : solid(inside.slice(0, routeEnd)),
    mailbox: present(mailbox, 'MISSING_MAILBOX'),
    host: present(host, 'MISSING_DOMAIN'),
  };
};

/** The common forms of one address, each of which is what the rules below would make of it: `a@b`, `Some Name <a@b>`, `"Some Name" <a@b>`. */
const BARE = /^([\w!#$%&'*+\-/=?^`{|}~.]+)@([\w\-.]+)$/;
const NAMED = /^(?:"([^"\\]+)"|([\w!#$%&'*+\-/=?^`{|}~]+(?: [\w!#$%&'*+\-/=?^`{|}~]+)*)) ?<([^<>]+)>$/;

const readSimple = (text: string): EnvelopeAddress | null => {
  const [, quoted, words, inside = text] = NAMED.exec(text) ?? [];
  const [, mailbox = '', host = ''] = BARE.exec(inside) ?? [];
  return mailbox === '' ? null : { name: quoted ?? words ?? null, route: null, mailbox, host };
};

/** The addresses of a field, RFC 822 §6.1, groups among them. Never throws; at most 10,000. */
export const readAddresses = (text: string): EnvelopeAddress[] => {
  const simple = text.length < 1000 ? readSimple(text) : null;
  if (simple) return [simple];
  const addresses: EnvelopeAddress[] = [];
  let pending: Token[] = [];
  let isInGroup = false;
  let isInAngle = false;
  const settle = (): void => {
    const address = pending.length > 0 && addresses.length < MAX_ADDRESSES ? readAddress(pending) : null;
    if (address) addresses.push(address);
    pending = [];
  };
  for (const token of tokenize(text)) {
    if (isSpecial(token, '<')) isInAngle = true;
    else if (isSpecial(token, '>')) isInAngle = false;
    if (!isInAngle && isSpecial(token, ',')) settle();
    else if (!isInAngle && isSpecial(token, ':') && !isInGroup) {
      addresses.push({ name: null, route: null, mailbox: phrase(pending), host: null });
      pending = [];
      isInGroup = true;
    } else if (!isInAngle && isSpecial(token, ';')) {
      settle();
      if (isInGroup) addresses.push({ name: null, route: null, mailbox: null, host: null });
      isInGroup = false;
    } else pending.push(token);
  }
  settle();
  if (isInGroup) addresses.push({ name: null, route: null, mailbox: null, host: null });
  return addresses;
};

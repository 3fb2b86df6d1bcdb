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

type Token =
  | { readonly kind: 'special'; readonly text: string }
  | { readonly kind: 'atom' | 'quoted' | 'comment' | 'literal'; readonly text: string };

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

/** RFC 822 §3.3. */
const tokenize = (text: string): Token[] => {
  const tokens: Token[] = [];
  let position = 0;
  while (position < text.length && tokens.length < 10 * MAX_ADDRESSES) {
    const character = text.charAt(position);
    if (character === '"' || character === '(' || character === '[') {
      const close = character === '(' ? ')' : character === '[' ? ']' : '"';
      const { inside, next } = readDelimited(text, position + 1, character === '(' ? '(' : '', close);
      if (character === '(') tokens.push({ kind: 'comment', text: inside });
      else if (character === '"') tokens.push({ kind: 'quoted', text: inside });
      else tokens.push({ kind: 'literal', text: `[${inside}]` });
      position = next;
    } else if (character === ' ' || character === '\t') position += 1;
    else if (SPECIALS.includes(character)) {
      tokens.push({ kind: 'special', text: character });
      position += 1;
    } else {
      const start = position;
      while (position < text.length && !` \t${SPECIALS}`.includes(text.charAt(position))) position += 1;
      tokens.push({ kind: 'atom', text: text.slice(start, position) });
    }
  }
  return tokens;
};

/** Words with one space between them; dots and what they join stay together. */
const phrase = (tokens: readonly Token[]): string => {
  let text = '';
  let isJoined = true;
  for (const token of tokens) {
    if (token.kind === 'comment') continue;
    const isDot = token.kind === 'special';
    text += isJoined || isDot ? token.text : ` ${token.text}`;
    isJoined = isDot && token.text !== '.';
  }
  return text;
};

/** A local part or a domain: no spaces. */
const solid = (tokens: readonly Token[]): string =>
  tokens
    .filter(({ kind }) => kind !== 'comment')
    .map(({ text }) => text)
    .join('');

const commentOf = (tokens: readonly Token[]): string | null => tokens.find(({ kind }) => kind === 'comment')?.text || null;

const isSpecial = (token: Token, text: string): boolean => token.kind === 'special' && token.text === text;

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
    const { mailbox, host } = splitAt(tokens);
    return { name: commentOf(tokens), route: null, mailbox: present(mailbox, 'MISSING_MAILBOX'), host: present(host, 'MISSING_DOMAIN') };
  }
  const close = tokens.findIndex((token, index) => index > open && isSpecial(token, '>'));
  const inside = tokens.slice(open + 1, close === -1 ? tokens.length : close);
  const routeEnd = isSpecial(inside[0] ?? { kind: 'atom', text: '' }, '@') ? inside.findIndex((token) => isSpecial(token, ':')) : -1;
  const { mailbox, host } = splitAt(inside.slice(routeEnd + 1));
  const name = phrase(tokens.slice(0, open));
  return {
    name: name === '' ? commentOf(tokens) : name,
    route: routeEnd === -1 ? null : solid(inside.slice(0, routeEnd)),
    mailbox: present(mailbox, 'MISSING_MAILBOX'),
    host: present(host, 'MISSING_DOMAIN'),
  };
};

/** The addresses of a field, RFC 822 §6.1, groups among them. Never throws; at most 10,000. */
export const readAddresses = (text: string): EnvelopeAddress[] => {
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

const hexadecimal = (character: string): string => Buffer.from(character, 'utf8').toString('hex').replace(/../g, '\\$&');

/** The value of a name's part as RFC 4514 §2.4 has it; control characters by their bytes. */
const escapeValue = (value: string): string =>
  value
    .replace(/["+,;<>\\]/g, '\\$&')
    .replace(/\p{Cc}/gu, hexadecimal)
    .replace(/^[ #]/, '\\$&')
    .replace(/(?<!^\\) $/, '\\ ');

/** In characters, of each of its parts. */
const MAX_VALUE_LENGTH = 256;

/** The name that Mozilla gives an entry: `cn=…,mail=…`. What is empty is left out, though never all of it; what is long is cut. */
export const mozillaName = (name: string, address: string): string => {
  const written = (attribute: string, value: string): string[] =>
    value === '' ? [] : [`${attribute}=${escapeValue(value.slice(0, MAX_VALUE_LENGTH).toWellFormed())}`];
  return [...written('cn', name), ...written('mail', address)].join(',') || 'cn=contact';
};

/** In characters; longer names are no names that anything could be told from. */
const MAX_NAME_LENGTH = 16_384;

/** The parts between its commas, which may be escaped; a name that is too long is one part. */
const partsOf = (dn: string): string[] => {
  if (dn.length > MAX_NAME_LENGTH) return [dn];
  const parts: string[] = [];
  let start = 0;
  for (let at = 0; at < dn.length; at += 1) {
    if (dn[at] === '\\') at += 1;
    else if (dn[at] === ',' || dn[at] === ';') {
      parts.push(dn.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, dn.slice(start)];
};

/** Pairs of digits are bytes of UTF-8. */
const unescapeValue = (value: string): string =>
  value
    .replace(/^ +/, '')
    .replace(/(?<!\\) +$/, '')
    .replace(/(?:\\[0-9a-f]{2})+|\\(.)/gis, (escaped, plain: string | undefined) =>
      plain === undefined ? Buffer.from(escaped.replaceAll('\\', ''), 'hex').toString('utf8') : plain,
    );

/** What a distinguished name says of its attribute: the address behind `mail=`. Empty if it says nothing. */
export const valueInName = (dn: string, attribute: string): string => {
  for (const part of partsOf(dn)) {
    const equals = part.indexOf('=');
    if (part.slice(0, equals).trim().toLowerCase() === attribute) return unescapeValue(part.slice(equals + 1));
  }
  return '';
};

/** The same for names that mean the same: case, blanks around commas and the way of escaping aside. */
export const nameKey = (dn: string): string =>
  partsOf(dn)
    .map((part) => {
      const equals = part.indexOf('=');
      return `${part.slice(0, equals).trim()}=${unescapeValue(part.slice(equals + 1))}`.toLowerCase();
    })
    .join('\0');

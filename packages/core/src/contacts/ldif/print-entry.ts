import type { LdifAttribute, LdifEntry } from './ldif-entry.ts';

/** RFC 2849. */
const LINE_LENGTH = 76;
/** What is no SAFE-STRING (RFC 2849), and what readers strip from one: blanks at its end, control characters. */
const UNSAFE = /^[ :<]|[^ -~]| $/;

const folded = (line: string): string => {
  if (line.length <= LINE_LENGTH) return `${line}\n`;
  const lines = [line.slice(0, LINE_LENGTH)];
  for (let at = LINE_LENGTH; at < line.length; at += LINE_LENGTH - 1) lines.push(` ${line.slice(at, at + LINE_LENGTH - 1)}`);
  return `${lines.join('\n')}\n`;
};

const printAttribute = ({ name, value, isUrl }: LdifAttribute): string => {
  if (typeof value === 'string' && !UNSAFE.test(value)) return folded(`${name}:${isUrl ? '<' : ''} ${value}`);
  return folded(`${name}:: ${(typeof value === 'string' ? Buffer.from(value, 'utf8') : value).toString('base64')}`);
};

/** An entry as RFC 2849 has it, in ASCII, and the blank line after it. A URL that isn't ASCII stands as text. */
export const printEntry = ({ dn, attributes }: LdifEntry): string =>
  `${[{ name: 'dn', value: dn, isUrl: false }, ...attributes].map(printAttribute).join('')}\n`;

import type { Parameter } from './property.ts';

/** What stands before the colon of a property. */
export interface PropertyHead {
  readonly group: string;
  readonly name: string;
  readonly parameters: readonly Parameter[];
  /** Of the value's bytes (2.1); empty where none is given. */
  readonly charset: string;
  readonly encoding: '' | 'quoted-printable' | 'base64';
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: no name has them.
const NAME = /^(?:([^\s;:"\\\x00-\x1f]+)\.)?([^\s.;:,="\\\x00-\x1f]+)$/;
/** Of all parameters of a property. */
const MAX_VALUES = 1000;
const TOKEN = /^[A-Za-z0-9-]+$/;
const TRANSFER_ENCODINGS = new Map<string, PropertyHead['encoding']>([
  ['QUOTED-PRINTABLE', 'quoted-printable'],
  ['BASE64', 'base64'],
  ['B', 'base64'],
  ['7BIT', ''],
  ['8BIT', ''],
]);

/** Whether 2.1 takes a bare word for the encoding of the value. */
export const isTransferEncoding = (text: string): boolean => TRANSFER_ENCODINGS.has(text.toUpperCase());

/** Cuts at each separator that does not stand between quotes. */
const splitUnquoted = (text: string, separator: string): string[] => {
  if (!text.includes('"')) return text.split(separator);
  const parts: string[] = [];
  let start = 0;
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '"') isQuoted = !isQuoted;
    else if (text[at] === separator && !isQuoted) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
};

const CARETS: Readonly<Record<string, string>> = { '^^': '^', '^n': '\n', "^'": '"' };

/** RFC 6868. */
const parameterText = (written: string): string => {
  const text = written.length > 1 && written.startsWith('"') && written.endsWith('"') ? written.slice(1, -1) : written;
  return text.includes('^') ? text.replace(/\^[\^n']/g, (caret) => CARETS[caret] ?? caret) : text;
};

/** `TYPE="work,voice"` of RFC 6350 means two. */
const valuesOf = (name: string, text: string): string[] =>
  splitUnquoted(text, ',')
    .map(parameterText)
    .flatMap((value) => (name === 'TYPE' && value.split(',').every((part) => TOKEN.test(part)) ? value.split(',') : [value]));

const readParameter = (text: string): { name: string; values: string[] } => {
  const equals = text.indexOf('=');
  const name = equals < 0 ? '' : text.slice(0, equals).trim().toUpperCase();
  if (name !== '') return { name, values: valuesOf(name, text.slice(equals + 1)) };
  // 2.1 leaves the name out where the value tells it.
  return { name: isTransferEncoding(text) ? 'ENCODING' : 'TYPE', values: valuesOf('TYPE', text) };
};

/** The end of the head: the first colon that is not between quotes, else the first; -1 if there is none. */
export const headEnd = (line: string): number => {
  const first = line.indexOf(':');
  const quote = line.indexOf('"');
  if (quote < 0 || quote > first) return first;
  let isQuoted = false;
  for (let at = quote; at < line.length; at += 1) {
    if (line[at] === '"') isQuoted = !isQuoted;
    else if (line[at] === ':' && !isQuoted) return at;
  }
  return first;
};

const propertyName = (name: string): string => (/^x-/i.test(name) ? name : name.toUpperCase());

/** Null for what names no property, or has more parameters than any. */
export const readHead = (text: string): PropertyHead | null => {
  const [fullName = '', ...written] = text.includes(';') ? splitUnquoted(text, ';') : [text];
  const [, group = '', name = ''] = NAME.exec(fullName) ?? [];
  if (name === '') return null;
  const parameters = new Map<string, string[]>();
  let charset = '';
  let count = 0;
  let encoding: PropertyHead['encoding'] = '';
  for (const one of written) {
    if (one === '') continue;
    const { name: parameterName, values } = readParameter(one);
    const known = parameterName === 'ENCODING' ? TRANSFER_ENCODINGS.get((values[0] ?? '').toUpperCase()) : undefined;
    if (known !== undefined) encoding = known;
    else if (parameterName === 'CHARSET') charset = values[0] ?? '';
    else parameters.set(parameterName, [...(parameters.get(parameterName) ?? []), ...values]);
    count += values.length;
    if (count > MAX_VALUES) return null;
  }
  if (encoding === 'base64') parameters.set('ENCODING', ['b']);
  const read = [...parameters].map(([parameterName, values]) => ({ name: parameterName, values }));
  return { group, name: propertyName(name), parameters: read, charset, encoding };
};

/** RFC 6868; quoted where it must be. */
const printValue = (value: string): string => {
  const safe = value
    .replace(/\^/g, '^^')
    .replace(/\r\n?|\n/g, '^n')
    .replace(/"/g, "^'");
  return /[,;:\s]/.test(safe) ? `"${safe}"` : safe;
};

export const printParameter = ({ name, values }: Parameter): string => `;${name}=${values.map(printValue).join(',')}`;

/** The head in one way of writing, whatever its version: what `others` call a property. */
export const printHead = ({ group, name, parameters }: Pick<PropertyHead, 'group' | 'name' | 'parameters'>): string =>
  `${group === '' ? '' : `${group}.`}${name}${parameters.map(printParameter).join('')}`;

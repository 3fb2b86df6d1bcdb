import { type Card, encodingOf, type Parameter, type Property, type VcardVersion } from './property.ts';
import { isTransferEncoding, printHead, printParameter } from './property-head.ts';

/** RFC 6350 §3.2: without its end. */
const LINE_OCTETS = 75;
const TOKEN = /^[A-Za-z0-9-]+$/;
const ASCII = /^[\x20-\x7e]*$/;

const octetsOf = (codePoint: number): number => (codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4);

/** Never inside a character. */
const fold = (line: string): string => {
  if (line.length <= LINE_OCTETS && ASCII.test(line)) return `${line}\r\n`;
  const lines: string[] = [];
  let start = 0;
  let octets = 0;
  for (let at = 0; at < line.length; ) {
    const codePoint = line.codePointAt(at) ?? 0;
    const size = octetsOf(codePoint);
    if (octets + size > LINE_OCTETS) {
      lines.push(line.slice(start, at));
      start = at;
      octets = 1;
    }
    octets += size;
    at += codePoint > 0xffff ? 2 : 1;
  }
  lines.push(line.slice(start));
  return `${lines.join('\r\n ')}\r\n`;
};

/** RFC 2045 §6.7. Colons are encoded too: no line of a value can be taken for a property. */
const quotedPrintable = (head: string, text: string): string => {
  const lines: string[] = [];
  let line = head;
  for (const byte of Buffer.from(text.replace(/\r\n|\n/g, '\r\n'), 'utf8')) {
    const isPlain = byte > 0x20 && byte < 0x7f && byte !== 0x3d && byte !== 0x3a;
    const written = isPlain ? String.fromCharCode(byte) : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    if (line.length + written.length > LINE_OCTETS && line !== head) {
      lines.push(`${line}=`);
      line = '';
    }
    line += written;
  }
  lines.push(line);
  return `${lines.join('\r\n')}\r\n`;
};

/** 2.1 leaves `TYPE=` out where nothing else can be meant. */
const bareTypes = (parameter: Parameter): string =>
  parameter.name === 'TYPE' && parameter.values.every((value) => TOKEN.test(value) && !isTransferEncoding(value))
    ? parameter.values.map((value) => `;${value}`).join('')
    : printParameter(parameter);

const printOldProperty = (property: Property): string => {
  const parameters = property.parameters.filter(({ name }) => name !== 'ENCODING');
  const head = printHead({ ...property, parameters: [] }) + parameters.map(bareTypes).join('');
  if (encodingOf(property) === 'base64') return `${fold(`${head};ENCODING=BASE64:${property.value}`)}\r\n`;
  if (encodingOf(property) === 'quoted-printable') return `${head};ENCODING=QUOTED-PRINTABLE:${property.value}\r\n`;
  const isPlain = ASCII.test(property.value) && property.value.trim() === property.value;
  if (isPlain && !property.value.endsWith('\\')) return `${head}:${property.value}\r\n`;
  return quotedPrintable(`${head};CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:`, property.value);
};

/** A value can't become a property of its own: no line break is left in it. */
const printProperty = (property: Property, version: VcardVersion): string =>
  version === '2.1' ? printOldProperty(property) : fold(`${printHead(property)}:${property.value.replace(/\r\n?|\n/g, '\\n')}`);

export const printCard = ({ version, properties }: Card): string =>
  `BEGIN:VCARD\r\nVERSION:${version}\r\n${properties.map((property) => printProperty(property, version)).join('')}END:VCARD\r\n`;

import type { DetectContactsReport } from '@mailferry/core/contacts';
import { en } from '../messages/en.ts';
import type { Texts } from '../texts.ts';
import { printable } from './display-width.ts';

type Row = readonly [label: string, value: string];
type Detection = Pick<DetectContactsReport, 'path' | 'detected' | 'encoding' | 'head'>;

const DELIMITER_NAMES = { ',': 'comma', ';': 'semicolon', '\t': 'tab' } as const;

const isDelimiter = (text: string): text is keyof typeof DELIMITER_NAMES => Object.hasOwn(DELIMITER_NAMES, text);
const isFormatKey = (key: string): key is Extract<keyof typeof en, `format.${string}`> => Object.hasOwn(en, key);

/** A format by the name of its program or hoster. */
export const formatText = (id: string, texts: Texts): string => {
  const key = `format.${id}`;
  return isFormatKey(key) ? texts.text(key) : id;
};

const because = (what: string, why: string): string => `${what} – ${why}`;

const delimiterText = ({ delimiter, delimiterReason }: Detection['detected'], texts: Texts): string => {
  const sign = delimiter ?? '';
  const name = isDelimiter(sign) ? texts.text(`delimiter.${DELIMITER_NAMES[sign]}`) : printable(sign);
  return delimiterReason === null ? name : because(name, texts.text(`delimiter.${delimiterReason}`));
};

const encodingText = ({ encoding, reason, isAmbiguous, damagedLines }: Detection['encoding'], texts: Texts): string => {
  const why = reason === 'most-rows' ? texts.text('encoding.most-rows', { lines: damagedLines }) : texts.text(`encoding.${reason}`);
  const text = because(encoding.toUpperCase(), why);
  return isAmbiguous ? [text, texts.text('encoding.ambiguous')].join('. ') : text;
};

/** A format by its name and the id that options take. */
export const formatAndId = (id: string, texts: Texts): string => {
  const name = formatText(id, texts);
  return `${name} (${id})`;
};

/** What a file was taken for, and why. */
export const detectionRows = ({ path, detected, encoding, head }: Detection, texts: Texts): Row[] => {
  const { format, reason, matched, columns, alike } = detected;
  const why = reason === 'headers' ? texts.text('detected.headers', { matched, columns }) : texts.text(`detected.${reason}`);
  const rows: Row[] = [
    [texts.text('contacts.file'), printable(path)],
    [texts.text('contacts.format'), because(formatAndId(format, texts), why)],
  ];
  if (alike.length > 0) rows.push([texts.text('contacts.alike'), alike.map((id) => formatAndId(id, texts)).join(', ')]);
  rows.push([texts.text('contacts.encoding'), encodingText(encoding, texts)]);
  if (!head) return rows;
  rows.push([texts.text('contacts.delimiter'), delimiterText(detected, texts)]);
  rows.push([texts.text('contacts.name-column'), printable(head.nameColumn ?? texts.text('contacts.no-column'))]);
  rows.push([texts.text('contacts.email-column'), printable(head.emailColumn ?? texts.text('contacts.no-column'))]);
  if (head.unknownColumns.length > 0) rows.push([texts.text('contacts.columns'), printable(head.unknownColumns.join(', '))]);
  if (head.nationalIds.length > 0) {
    rows.push([
      texts.text('contacts.national-id'),
      texts.text('contacts.national-id-value', { columns: printable(head.nationalIds.join(', ')) }),
    ]);
  }
  return rows;
};

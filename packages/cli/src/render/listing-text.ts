import { SPECIAL_USES } from '@mailferry/core/mail';
import type { ListedEntry, MailboxesReport, MessagesReport } from '@mailferry/core/operations';
import type { Texts } from '../texts.ts';
import { cutToWidth, displayWidth, printable } from './display-width.ts';
import { bytesText } from './quantities.ts';
import { numberTable } from './table.ts';

const GAP = '  ';

/** `2024-01-31 09:30` in a time zone. */
export const timeFormat = (timeZone: string): Intl.DateTimeFormat =>
  // Swedish writes dates as ISO 8601 does.
  new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short', timeZone });

const useText = (specialUse: string | null): string => (SPECIAL_USES.find((use) => use === specialUse) ?? '').replace('\\', '');

/** The mailboxes of an archive as a table. */
export const mailboxesText = (report: MailboxesReport, texts: Texts, timeZone: string, columns: number): string => {
  const days = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeZone });
  const day = (date: Date | null): string => (date ? days.format(date) : '');
  const { mailboxes } = report;
  const sum = (of: (mailbox: (typeof mailboxes)[number]) => number): number => mailboxes.reduce((total, mailbox) => total + of(mailbox), 0);
  const withVanished = mailboxes.some(({ vanished }) => vanished > 0);
  const vanishedCell = (count: number): string[] => (withVanished ? [texts.number(count)] : []);
  const rows = mailboxes.map(({ path, specialUse, messages, vanished, sizeBytes, firstDate, lastDate }) => [
    ...[printable(path), texts.number(messages), ...vanishedCell(vanished), bytesText(sizeBytes), day(firstDate), day(lastDate)],
    useText(specialUse),
  ]);
  const heading = [
    ...[texts.text('column.mailbox'), texts.text('column.messages'), ...(withVanished ? [texts.text('column.vanished')] : [])],
    ...[texts.text('column.size'), texts.text('column.first'), texts.text('column.last'), texts.text('column.use')],
  ];
  const messages = sum((mailbox) => mailbox.messages);
  const totals = [
    ...[texts.text('column.totals'), texts.number(messages), ...vanishedCell(sum(({ vanished }) => vanished))],
    ...[bytesText(sum(({ sizeBytes }) => sizeBytes)), '', '', ''],
  ];
  return numberTable([heading, ...rows, totals], columns)
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
};

const pad = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - displayWidth(text)));

const padStart = (text: string, width: number): string => ' '.repeat(Math.max(0, width - displayWidth(text))) + text;

/** What a message's flags say, a sign each. */
const MARKS = [
  ['\\Flagged', '★'],
  ['\\Answered', '↩'],
  ['$Forwarded', '→'],
  ['\\Draft', '✎'],
] as const;
const UNSEEN = '•';

const marksOf = ({ flags, hasVanished }: ListedEntry): string => {
  const has = (flag: string): boolean => flags.some((one) => one.toLowerCase() === flag.toLowerCase());
  const marks = MARKS.filter(([flag]) => has(flag)).map(([, mark]) => mark);
  return [...(has('\\Seen') ? [] : [UNSEEN]), ...marks, ...(hasVanished ? ['†'] : [])].join('');
};

const TIME_WIDTH = 16;
const SIZE_WIDTH = 7;
const MARKS_WIDTH = 6;
const FROM_SHARE = 0.4;
const FROM_MAX = 30;
const SUBJECT_MIN = 10;
const RULE_WIDTH = 100;

/** Messages as the lines of a table, one after the other: none has to wait for the last. */
export const messageTable = (texts: Texts, timeZone: string, columns: number) => {
  const times = timeFormat(timeZone);
  const row = (id: string, time: string, marks: string, size: string, from: string, subject: string): string => {
    const left = [id, pad(time, TIME_WIDTH), pad(marks, MARKS_WIDTH), padStart(size, SIZE_WIDTH)].join(GAP);
    const room = columns - displayWidth(left) - 2 * GAP.length;
    const fromWidth = Math.max(SUBJECT_MIN, Math.min(FROM_MAX, Math.floor(room * FROM_SHARE)));
    const subjectWidth = Math.max(SUBJECT_MIN, room - fromWidth);
    return [left, pad(cutToWidth(from, fromWidth), fromWidth), cutToWidth(subject, subjectWidth)].join(GAP).trimEnd();
  };
  const head = (name: 'id' | 'date' | 'size' | 'from' | 'subject'): string => texts.text(`column.${name}`);
  return {
    heading: ({ id }: ListedEntry): string[] => [
      row(pad(head('id'), id.length), head('date'), '', head('size'), head('from'), head('subject')),
      '─'.repeat(Math.min(columns, RULE_WIDTH)),
    ],
    line: (message: ListedEntry): string => {
      const time = message.date ? times.format(message.date) : '';
      const subject = message.unread === null ? message.subject : texts.text('listing.unread', { code: message.unread });
      return row(message.id, time, marksOf(message), bytesText(message.sizeBytes), printable(message.from), printable(subject));
    },
  };
};

/** The last sentence of a listing of messages. */
export const messagesSentence = ({ messages, unread }: MessagesReport, texts: Texts): string =>
  [texts.text('final.listed', { messages }), ...(unread > 0 ? [texts.text('final.unread', { unread })] : [])].join(' ');

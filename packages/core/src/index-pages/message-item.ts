import { html, type Markup } from './markup.ts';
import type { Speech } from './words.ts';

/** A message as a page shows it. */
export interface IndexedMessage {
  /** What `mailferry cat` takes. */
  readonly id: string;
  /** Of its entry, with its part. */
  readonly file: string;
  readonly date: Date | null;
  readonly sizeBytes: number;
  readonly flags: readonly string[];
  readonly hasVanished: boolean;
  /** What it says; or the code of the error for which it can't be read. */
  readonly content: MessageContent | { readonly unread: string };
}

interface MessageContent {
  readonly subject: string;
  readonly from: string;
  readonly to: string;
  readonly cc: string;
  readonly text: string;
  readonly attachments: readonly string[];
  readonly isWhole: boolean;
}

/** More of a text is not shown. */
const TEXT_UNITS = 4_000;
const LINE_UNITS = 300;
const FILES_MAX = 50;

const cutText = (text: string, units: number): string => (text.length <= units ? text : `${text.slice(0, units).toWellFormed()}…`);

const rowsOf = (message: IndexedMessage, content: MessageContent | null, { words }: Speech): Markup[] => {
  const named = content?.attachments.slice(0, FILES_MAX).map((name) => html`<li><bdi>${name || words.unnamed}</bdi></li>`) ?? [];
  const texts: readonly (readonly [string, string])[] = [
    [words.from, content?.from ?? ''],
    [words.to, cutText(content?.to ?? '', LINE_UNITS)],
    [words.cc, cutText(content?.cc ?? '', LINE_UNITS)],
    [words.flags, message.flags.join(' ')],
  ];
  return [
    ...texts.filter(([, text]) => text !== '').map(([label, text]) => html`<dt>${label}</dt><dd><bdi>${text}</bdi></dd>`),
    ...(named.length > 0 ? [html`<dt>${words.attachments}</dt><dd><ul>${named}</ul></dd>`] : []),
    html`<dt>${words.file}</dt><dd><bdi>${message.file}</bdi></dd>`,
    html`<dt>SHA-256</dt><dd><code>${message.id}</code>…</dd>`,
  ];
};

const bodyOf = ({ id, content }: IndexedMessage, { words }: Speech): Markup => {
  if ('unread' in content) return html`<p>${words.unread.replace('{code}', () => content.unread)}</p>`;
  const { text, isWhole } = content;
  const shown = text.trim();
  const note = isWhole ? html`` : html`<p class="soft">${words.inPart}</p>`;
  if (shown === '') return html`<p class="soft">${words.noText}</p>${note}`;
  const cut = shown.length > TEXT_UNITS ? html`<p class="soft">${words.cut.replace('{id}', () => id)}</p>` : html``;
  return html`<pre dir="auto">${shown.slice(0, TEXT_UNITS)}</pre>${cut}${note}`;
};

/** One message in the list of a page: a line, and more to be opened below it. All of it is text, nothing a link. */
export const messageItem = (message: IndexedMessage, speech: Speech): string => {
  const { words, size, time } = speech;
  const { date, sizeBytes, hasVanished } = message;
  const content = 'unread' in message.content ? null : message.content;
  const files = content?.attachments.slice(0, FILES_MAX).map((name) => name || words.unnamed) ?? [];
  const shownTime = date ? html`<time datetime="${date.toISOString()}">${time(date)}</time>` : html`<time>${words.noDate}</time>`;
  const mark = hasVanished ? html` <span class="mark">${words.vanished}</span>` : html``;
  const subject = cutText(content?.subject ?? '', LINE_UNITS) || (content ? words.noSubject : '⚠');
  const fileLine = files.length > 0 ? html`<span class="files">${words.attachments}: <bdi>${files.join(' · ')}</bdi></span>` : html``;
  return html`<li><details><summary>${shownTime}<span class="from"><bdi>${cutText(content?.from ?? '', LINE_UNITS)}</bdi></span><span class="subject"><bdi>${subject}</bdi>${mark}</span><span class="kb">${size(sizeBytes)}</span>${fileLine}</summary>
<div class="body"><dl>${rowsOf(message, content, speech)}</dl>${bodyOf(message, speech)}</div></details></li>
`.text;
};

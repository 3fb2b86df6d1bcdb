import { html, type Markup } from './markup.ts';
import { framePage } from './page.ts';
import type { Speech } from './words.ts';

interface IndexedMailbox {
  readonly path: string;
  readonly specialUse: string | null;
  readonly messages: number;
  readonly vanished: number;
  readonly sizeBytes: number;
  readonly firstDate: Date | null;
  readonly lastDate: Date | null;
  /** Of its first page. */
  readonly fileName: string;
}

interface IndexedPart {
  readonly part: string;
  readonly messages: number;
  readonly sizeBytes: number;
  readonly sha256: string;
}

export interface StartPage {
  /** What the backup is called. */
  readonly name: string;
  readonly mailboxes: readonly IndexedMailbox[];
  readonly parts: readonly IndexedPart[];
}

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);

const mailboxRow = (mailbox: IndexedMailbox, speech: Speech): Markup => {
  const { path, specialUse, messages, vanished, sizeBytes, firstDate, lastDate, fileName } = mailbox;
  const day = (date: Date | null): string => (date ? speech.day(date) : '');
  const note = vanished > 0 ? html` <span class="mark">${speech.number(vanished)} ${speech.words.vanished}</span>` : html``;
  return html`<tr><th scope="row"><a href="${fileName}"><bdi>${path}</bdi></a>${note}</th><td>${specialUse ? speech.use(specialUse) : ''}</td><td class="n">${speech.number(messages)}</td><td class="n">${speech.size(sizeBytes)}</td><td>${day(firstDate)}</td><td>${day(lastDate)}</td></tr>
`;
};

const mailboxTable = (mailboxes: readonly IndexedMailbox[], speech: Speech): Markup => {
  const { words, number, size } = speech;
  const messages = sumOf(mailboxes.map((mailbox) => mailbox.messages));
  const bytes = sumOf(mailboxes.map(({ sizeBytes }) => sizeBytes));
  return html`<h2 id="mailboxes">${words.mailboxes}</h2>
<div class="sheet wide"><table aria-labelledby="mailboxes">
<thead><tr><th scope="col">${words.mailbox}</th><th scope="col">${words.use}</th><th scope="col" class="n">${words.messages}</th><th scope="col" class="n">${words.size}</th><th scope="col">${words.first}</th><th scope="col">${words.last}</th></tr></thead>
<tbody>
${mailboxes.map((mailbox) => mailboxRow(mailbox, speech))}</tbody>
<tfoot><tr><th scope="row">${words.total}</th><td></td><td class="n">${number(messages)}</td><td class="n">${size(bytes)}</td><td></td><td></td></tr></tfoot>
</table></div>
`;
};

const partTable = (parts: readonly IndexedPart[], { words, number, size }: Speech): Markup => html`<h2 id="parts">${words.parts}</h2>
<div class="sheet wide"><table aria-labelledby="parts">
<thead><tr><th scope="col">${words.part}</th><th scope="col" class="n">${words.messages}</th><th scope="col" class="n">${words.size}</th><th scope="col">SHA-256</th></tr></thead>
<tbody>
${parts.map(
  ({ part, messages, sizeBytes, sha256 }) =>
    html`<tr><th scope="row">${part}</th><td class="n">${number(messages)}</td><td class="n">${size(sizeBytes)}</td><td class="hash">${sha256}</td></tr>
`,
)}</tbody>
</table></div>
`;

/** The page that an index begins with: mailboxes and parts. */
export const startPage = ({ name, mailboxes, parts }: StartPage, speech: Speech): string => {
  const { words, timeZone } = speech;
  const header = html`<p class="soft">${words.title}</p>
<h1><bdi>${name}</bdi></h1>
<p class="soft">${words.about.replace('{zone}', () => timeZone)}</p>`;
  const { head, foot } = framePage({ title: `${words.title}: ${name}`, header, hasScript: false }, speech);
  return [head, mailboxTable(mailboxes, speech), partTable(parts, speech), foot].map(({ text }) => text).join('');
};

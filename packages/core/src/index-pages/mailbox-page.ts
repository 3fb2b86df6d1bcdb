import { html, type Markup } from './markup.ts';
import { framePage } from './page.ts';
import type { Speech } from './words.ts';

export interface MailboxPage {
  /** What the backup is called. */
  readonly name: string;
  readonly mailbox: string;
  /** From 1. */
  readonly page: number;
  /** File names of all pages of the mailbox. */
  readonly fileNames: readonly string[];
  /** Of the first page of the index. */
  readonly startFileName: string;
  readonly messages: number;
}

/** Of many pages only the first, the last and those near this one are offered. */
const NEAR = 4;

const pageLink = (at: number, { fileNames, page }: MailboxPage, { words, number }: Speech): Markup => {
  const shown = number(at + 1);
  if (at + 1 === page) return html`<li><span aria-current="page">${shown}</span></li>`;
  const label = words.page.replace('{page}', shown).replace('{pages}', number(fileNames.length));
  return html`<li><a href="${fileNames[at] ?? ''}" aria-label="${label}">${shown}</a></li>`;
};

const pageLinks = (mailboxPage: MailboxPage, speech: Speech): Markup => {
  const { fileNames, page } = mailboxPage;
  if (fileNames.length < 2) return html``;
  const { words } = speech;
  const offered = [...fileNames.keys()].filter((at) => at === 0 || at === fileNames.length - 1 || Math.abs(at + 1 - page) <= NEAR);
  const newer = fileNames[page - 2];
  const older = fileNames[page];
  return html`<nav aria-label="${words.pages}"><ul>
${newer === undefined ? html`` : html`<li><a href="${newer}" rel="prev">← ${words.newer}</a></li>`}
${offered.map((at) => pageLink(at, mailboxPage, speech))}
${older === undefined ? html`` : html`<li><a href="${older}" rel="next">${words.older} →</a></li>`}
</ul></nav>
`;
};

const FILTER_ID = 'filter';

const filterBox = ({
  words,
}: Speech): Markup => html`<div class="filter" role="search" hidden><label for="${FILTER_ID}">${words.filter}</label><input id="${FILTER_ID}" type="search" autocomplete="off"><output for="${FILTER_ID}" data-text="${words.shown}"></output></div>
`;

/** What stands before and behind the messages of one page of a mailbox, each of which is a `messageItem`. */
export const frameMailboxPage = (page: MailboxPage, speech: Speech): { readonly head: string; readonly foot: string } => {
  const { words, number } = speech;
  const header = html`<p><a href="${page.startFileName}">${words.title}: <bdi>${page.name}</bdi></a></p>
<h1><bdi>${page.mailbox}</bdi></h1>
<p class="soft">${words.messages}: ${number(page.messages)}</p>`;
  const title = `${page.mailbox} (${page.page}/${page.fileNames.length})`;
  const isEmpty = page.messages === 0;
  const { head, foot } = framePage({ title, header, hasScript: !isEmpty }, speech);
  const links = pageLinks(page, speech);
  const begin = isEmpty
    ? html`<p>${words.empty}</p>
`
    : html`${links}${filterBox(speech)}<ul class="list sheet">
`;
  const end = isEmpty
    ? html``
    : html`</ul>
${links}`;
  return { head: head.text + begin.text, foot: end.text + foot.text };
};

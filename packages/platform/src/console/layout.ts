import { html, raw } from 'hono/html';
import type { Html, View } from './console-env.ts';
import { hiddenToken } from './forms.ts';
import { STYLE_PATH } from './style.ts';
import type { Texts } from './texts/texts.ts';

type Section = keyof Texts['nav'];

interface Link {
  readonly href: string;
  readonly label: string;
}

/** A page without its frame. */
export interface Page {
  readonly title: string;
  /** Where the page is, for the links that show it in the other language. */
  readonly path: string;
  /** What the menu marks as current. */
  readonly section?: Section;
  /** The page above it. */
  readonly above?: Link;
  readonly body: Html;
}

const ADMIN_MENU: readonly (readonly [Section, string])[] = [
  ['overview', '/console'],
  ['accounts', '/console/accounts'],
  ['departments', '/console/departments'],
  ['mailing', '/console/mailing-addresses'],
  ['domains', '/console/domains'],
  ['uploads', '/console/uploads'],
  ['backups', '/console/backups'],
  ['accessLog', '/console/access-log'],
];

const menuOf = ({ account }: View): readonly (readonly [Section, string])[] => {
  if (!account) return [];
  const own: readonly [Section, string] = ['own', `/console/accounts/${account.id}`];
  if (account.role === 'user') return [own, ['uploads', '/console/uploads'], ['backups', '/console/backups']];
  return account.role === 'super-admin' ? [...ADMIN_MENU, ['policy', '/console/policy'], own] : [...ADMIN_MENU, own];
};

const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' height='32' rx='7' fill='%23195f9c'/%3E%3Cpath d='M7 11l9 7 9-7M7 10h18v13H7z' fill='none' stroke='%23fff' stroke-width='2.4' stroke-linejoin='round'/%3E%3C/svg%3E";

const MARK = raw(
  '<svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false"><rect width="32" height="32" rx="7"/><path d="M7 11l9 7 9-7M7 10h18v13H7z"/></svg>',
);

const languageLink = (view: View, path: string): Html => {
  const other = view.language === 'ko' ? { code: 'en', name: 'English' } : { code: 'ko', name: '한국어' };
  const query = `${path.includes('?') ? '&' : '?'}lang=${other.code}`;
  return html`<a class="language" href="${path}${query}" lang="${other.code}" hreflang="${other.code}">${other.name}</a>`;
};

const person = (view: View): Html | null =>
  view.account &&
  html`<span class="person">${view.account.user}</span>
    <form method="post" action="/console/log-out">${hiddenToken(view)}<button class="plain">${view.texts.layout.logOut}</button></form>`;

const menu = (view: View, section: Section | undefined): Html | null =>
  view.account &&
  html`<nav class="menu" aria-label="${view.texts.layout.menu}"><ul>
    ${menuOf(view).map(
      ([key, href]) => html`<li><a href="${href}" ${key === section ? raw('aria-current="page"') : ''}>${view.texts.nav[key]}</a></li>`,
    )}
  </ul></nav>`;

const doneNotice = ({ done, texts }: View): Html | null => {
  const text = done !== null && Object.hasOwn(texts.done, done) ? texts.done[done as keyof Texts['done']] : null;
  return text === null ? null : html`<p class="notice done" role="status">${text}</p>`;
};

/** The whole document. */
export const renderPage = (view: View, { title, path, section, above, body }: Page): Html => {
  const { layout } = view.texts;
  return html`<!doctype html>
<html lang="${view.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · ${layout.product}</title>
<link rel="stylesheet" href="${STYLE_PATH}">
<link rel="icon" href="${ICON}">
</head>
<body>
<a class="skip" href="#main">${layout.skip}</a>
<header class="top">
  <a class="brand" href="/console">${MARK}<span>${layout.product}</span></a>
  <div class="top-end">${languageLink(view, path)}${person(view)}</div>
</header>
<div class="${view.account ? 'frame' : 'frame alone'}">
${menu(view, section)}
<main id="main" tabindex="-1">
${above && html`<p class="above"><a href="${above.href}">${above.label}</a></p>`}
<h1>${title}</h1>
${doneNotice(view)}
${body}
${view.account && html`<p class="zone">${layout.timeZone(view.formats.timeZone)}</p>`}
</main>
</div>
</body>
</html>`;
};

import { html } from 'hono/html';
import { requireAdmin } from '../../office/permissions.ts';
import { accessTable } from '../access-table.ts';
import type { ConsoleApp, ConsoleContext, PageRequest } from '../console-env.ts';
import { renderPage } from '../layout.ts';
import { address, empty } from '../pieces.ts';

const PATH = '/console/access-log';
const ROWS = 50;
const MAX_USER = 320;

const show = (c: PageRequest, { store }: ConsoleContext) => {
  requireAdmin(c.var.account);
  const { view } = c.var;
  const { accessLog: words, layout } = view.texts;
  const user = (c.req.query('user') ?? '').slice(0, MAX_USER).trim();
  const before = /^\d{1,15}$/.exec(c.req.query('before') ?? '')?.[0];
  const filter = { ...(user ? { user } : {}), ...(before === undefined ? {} : { before: Number(before) }) };
  const found = store.accessLog.page({ ...filter, limit: ROWS + 1 });
  const accesses = found.slice(0, ROWS);
  const older = found.length > ROWS ? accesses.at(-1)?.id : undefined;
  const body = html`<div class="bar"><form method="get" action="${PATH}" class="search"><div class="field"><label for="user">${words.filter}</label>
      <input id="user" name="user" value="${user}" maxlength="${MAX_USER}" inputmode="email" autocomplete="off"></div><button>${words.find}</button></form>
      ${user && html`<a href="${PATH}">${words.all}</a>`}</div>
    ${accesses.length === 0 ? empty(words.none) : accessTable(view, accesses, true)}
    ${
      (before !== undefined || older !== undefined) &&
      html`<nav class="pages" aria-label="${layout.pages}">
      ${before !== undefined && html`<a href="${address(PATH, { user })}">${layout.newest}</a>`}
      ${older !== undefined && html`<a rel="next" href="${address(PATH, { user, before: String(older) })}">${layout.older}</a>`}</nav>`
    }`;
  return c.html(renderPage(view, { title: words.title, path: address(PATH, { user, before }), section: 'accessLog', body }));
};

/** Every log-in, granted or refused, the newest first (SPEC A12). */
export const addAccessLogPage = (app: ConsoleApp, context: ConsoleContext): void => {
  app.get('/access-log', (c) => show(c, context));
};

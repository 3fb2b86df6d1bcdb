import { html } from 'hono/html';
import { unavailableFeatures } from '../../office/policy.ts';
import type { Account } from '../../store/accounts.ts';
import type { ConsoleApp, ConsoleContext, Html, PageRequest, View } from '../console-env.ts';
import { renderPage } from '../layout.ts';
import { empty, NEARLY_FULL, shareUsed } from '../pieces.ts';
import { accountPath } from './account-sections.ts';

const MOST_SHOWN = 10;
const UPLOADS_LOOKED_AT = 50;

interface Usage {
  readonly account: Account;
  readonly bytes: number;
  readonly messages: number;
}

const figure = (title: string, value: string, more: string): Html =>
  html`<div><dt>${title}</dt><dd class="figure">${value}</dd>${more && html`<dd class="more">${more}</dd>`}</div>`;

const figures = ({ texts, formats }: View, { store, office }: ConsoleContext, usages: readonly Usage[]): Html => {
  const { overview: words, policy: policyWords } = texts;
  const { policy } = office;
  const suspended = usages.filter(({ account }) => account.suspended).length;
  const sum = (of: (usage: Usage) => number): number => usages.reduce((total, usage) => total + of(usage), 0);
  const lost = unavailableFeatures(policy).map((feature) => policyWords.features[feature]);
  const retention = policy.retention ? words.retentionOn : words.retentionOff;
  const under = store.uploads.inState('processing').length;
  return html`<dl class="figures">
    ${figure(words.accounts, formats.count(usages.length), suspended === 0 ? '' : words.suspended(formats.count(suspended)))}
    ${figure(words.usage, formats.size(sum(({ bytes }) => bytes)), words.messages(formats.count(sum(({ messages }) => messages))))}
    ${figure(words.popSmtp, policy.pop3Smtp ? words.on : words.off, policy.pop3Smtp ? retention : '')}
    ${figure(words.uploads, formats.count(under), '')}</dl>
    ${lost.length > 0 && html`<div class="notice warning"><p>${policyWords.unavailable} ${lost.join(', ')}.</p></div>`}`;
};

/** What an administrator might do something about. */
const attention = ({ texts, formats }: View, { store }: ConsoleContext, usages: readonly Usage[]): Html[] => {
  const { overview: words } = texts;
  const line = (href: string, name: string, what: string): Html => html`<li><a href="${href}">${name}</a><span>${what}</span></li>`;
  const accounts = usages.flatMap(({ account, bytes }) => {
    const share = shareUsed(account, bytes);
    const lines = account.suspended ? [line(accountPath(account), account.user, words.isSuspended)] : [];
    return share !== null && share >= NEARLY_FULL
      ? [...lines, line(accountPath(account), account.user, words.nearlyFull(formats.percent(share)))]
      : lines;
  });
  const uploads = store.uploads.newest(null, 0, UPLOADS_LOOKED_AT).flatMap(({ id, fileName, state, failed }) => {
    if (state !== 'failed' && failed === 0) return [];
    const what = state === 'failed' ? words.wholeFailed : words.withFailures(formats.count(failed));
    return [line(`/console/uploads/${id}`, fileName, what)];
  });
  return [...accounts, ...uploads];
};

const show = (c: PageRequest, context: ConsoleContext) => {
  const { view } = c.var;
  const { overview: words } = view.texts;
  const usages = context.store.accounts.list().map((account) => ({ account, ...context.store.accounts.usage(account.id) }));
  const lines = attention(view, context, usages);
  const hidden = lines.length - MOST_SHOWN;
  const body = html`${figures(view, context, usages)}<h2>${words.attention}</h2>
    ${
      lines.length === 0
        ? empty(words.nothing)
        : html`<div class="card"><ul class="list">${lines.slice(0, MOST_SHOWN)}</ul>
          ${hidden > 0 && html`<p class="hint">${words.more(view.formats.count(hidden))}</p>`}</div>`
    }`;
  return c.html(renderPage(view, { title: words.title, path: '/console', section: 'overview', body }));
};

/** The office at a glance for administrators; others are sent to their own account. */
export const addOverviewPage = (app: ConsoleApp, context: ConsoleContext): void => {
  app.get('/', (c) => (c.var.account.role === 'user' ? c.redirect(accountPath(c.var.account), 303) : show(c, context)));
};

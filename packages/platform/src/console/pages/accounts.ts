import { html } from 'hono/html';
import { requireAdmin } from '../../office/permissions.ts';
import type { Account } from '../../store/accounts.ts';
import type { ConsoleApp, ConsoleContext, Html, PageRequest, View } from '../console-env.ts';
import { departmentChoices, departmentPaths, readDepartment } from '../departments.ts';
import { attempt, type Fields, type FormState, freshForm, readFields, renderForm, selectField, textField } from '../forms.ts';
import { renderPage } from '../layout.ts';
import { newPassword } from '../new-password.ts';
import { pageLinks, pageOf } from '../paging.ts';
import { accountTags, address, empty, time, usageBar } from '../pieces.ts';
import { quotaText, readQuota } from '../quota.ts';
import { renderTable } from '../table.ts';

const PATH = '/console/accounts';
const MAX_SEARCH = 200;

/** Accounts that have all the words in name, address, rank or department. */
const search = ({ store }: ConsoleContext, words: string): Account[] => {
  const wanted = words.normalize('NFC').toLowerCase().split(/\s+/).filter(Boolean);
  const departments = departmentPaths(store.directory.departments());
  return store.accounts.list().filter(({ user, name, rank, departmentId }) => {
    const text = `${user}\n${name}\n${rank}\n${departments.get(departmentId) ?? ''}`.normalize('NFC').toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
};

const searchBar = ({ texts }: View, words: string): Html => html`<div class="bar">
  <form method="get" action="${PATH}" class="search" role="search"><div class="field"><label for="q">${texts.accounts.search}</label>
    <input type="search" id="q" name="q" value="${words}" maxlength="${MAX_SEARCH}" autocomplete="off"></div><button>${texts.accounts.find}</button></form>
  <a class="button" href="${PATH}/new">${texts.accounts.add}</a></div>`;

const accountTable = (view: View, { store, now }: ConsoleContext, accounts: readonly Account[]): Html => {
  const { accounts: words } = view.texts;
  const departments = departmentPaths(store.directory.departments());
  return renderTable(
    words.title,
    [
      {
        title: words.account,
        cell: ({ id, user, name }) => html`<a href="${PATH}/${id}">${name || user}</a>${name && html`<span class="under">${user}</span>`}`,
      },
      {
        title: words.department,
        cell: ({ departmentId, rank }) => html`${departments.get(departmentId) ?? ''}${rank && html`<span class="under">${rank}</span>`}`,
      },
      { title: words.usage, cell: (account) => usageBar(view, account, store.accounts.usage(account.id).bytes) },
      { title: words.state, cell: (account) => accountTags(view, account, now()) },
      {
        title: words.lastAccess,
        cell: ({ user }) => {
          const at = store.accessLog.latestGranted(user);
          return at ? time(view, at) : words.never;
        },
      },
    ],
    accounts,
  );
};

const showList = (c: PageRequest, context: ConsoleContext) => {
  requireAdmin(c.var.account);
  const { view } = c.var;
  const { accounts: words } = view.texts;
  const wanted = (c.req.query('q') ?? '').slice(0, MAX_SEARCH).trim();
  const found = search(context, wanted);
  const page = pageOf(c, found);
  const body = html`${searchBar(view, wanted)}
    <p class="lead">${words.count(view.formats.count(found.length))}${wanted && html` · <a href="${PATH}">${words.all}</a>`}</p>
    ${found.length === 0 ? empty(wanted ? words.noneFound(wanted) : words.none) : accountTable(view, context, page.rows)}
    ${pageLinks(view, page, (number) => address(PATH, { q: wanted, page: number }))}`;
  const path = address(PATH, { q: wanted, page: String(page.number) });
  return c.html(renderPage(view, { title: words.title, path, section: 'accounts', body }));
};

const showNew = (c: PageRequest, { store, office }: ConsoleContext, state?: FormState) => {
  const { view } = c.var;
  const { newAccount, account, accounts } = view.texts;
  const form = state ?? freshForm('new', { quota: quotaText(office.policy.defaultQuotaBytes) });
  const body = html`<section class="card">${renderForm(view, form, {
    action: `${PATH}/new`,
    submit: newAccount.submit,
    cancelHref: PATH,
    body: html`
      ${textField(form, { name: 'user', label: newAccount.user, hint: newAccount.userHint, inputMode: 'email', isRequired: true })}
      ${textField(form, { name: 'name', label: account.name, maxLength: 200 })}
      ${textField(form, { name: 'quota', label: account.quota, hint: account.quotaHint, inputMode: 'decimal', isShort: true })}
      ${selectField(form, { name: 'department', label: account.department, choices: departmentChoices(store.directory.departments(), account.noDepartment) })}
      ${textField(form, { name: 'rank', label: account.rank, maxLength: 100, isShort: true })}
      ${textField(form, { name: 'password', label: newAccount.password, hint: newAccount.passwordHint, type: 'password', autocomplete: 'new-password' })}`,
  })}</section>`;
  const above = { href: PATH, label: accounts.title };
  const path = `${PATH}/new`;
  return c.html(renderPage(view, { title: newAccount.title, path, section: 'accounts', above, body }), state ? 422 : 200);
};

/** What can't be right about the fields, before the office is asked. */
const mistakes = ({ texts, formats }: View, { user = '', name = '', rank = '', quota = '', department }: Fields): Fields => ({
  ...(user.trim() === '' ? { user: texts.invalid.required } : {}),
  ...(name.length > 200 ? { name: texts.invalid.tooLong(formats.count(200)) } : {}),
  ...(rank.length > 100 ? { rank: texts.invalid.tooLong(formats.count(100)) } : {}),
  ...(readQuota(quota) === undefined ? { quota: texts.invalid.quota } : {}),
  ...(readDepartment(department) === undefined ? { department: texts.invalid.choice } : {}),
});

const FIELD_OF = {
  'address-invalid': 'user',
  'address-taken': 'user',
  'domain-unknown': 'user',
  'password-weak': 'password',
  'department-missing': 'department',
} as const;

const add = async (c: PageRequest, context: ConsoleContext) => {
  const { office, shownOnce } = context;
  const { account: actor, view } = c.var;
  const values = await readFields(c);
  const again = (errors: Fields) => showNew(c, context, { id: 'new', values, errors });
  const wrong = mistakes(view, values);
  if (Object.keys(wrong).length > 0) return again(wrong);
  const { user = '', name = '', rank = '', quota = '', department, password: typed = '' } = values;
  const password = typed === '' ? newPassword(office.policy.passwordMinLength) : typed;
  const settings = { name: name.trim(), rank: rank.trim(), quotaBytes: readQuota(quota), departmentId: readDepartment(department) };
  let id = 0;
  const errors = await attempt(
    view,
    async () => {
      ({ id } = await office.accounts.create(actor, { user: user.trim(), password, ...settings }));
    },
    FIELD_OF,
  );
  if (errors) return again(errors);
  const shown = typed === '' ? shownOnce.keep(actor.id, { kind: 'password', text: password }) : undefined;
  return c.redirect(address(`${PATH}/${id}`, { done: 'account-added', shown }), 303);
};

/** The list of accounts with what they use, and new ones (SPEC A1-A3). */
export const addAccountsPages = (app: ConsoleApp, context: ConsoleContext): void => {
  app.get('/accounts', (c) => showList(c, context));
  app.get('/accounts/new', (c) => {
    requireAdmin(c.var.account);
    return showNew(c, context);
  });
  app.post('/accounts/new', (c) => {
    requireAdmin(c.var.account);
    return add(c, context);
  });
};

import { html } from 'hono/html';
import { requireAdmin } from '../../office/permissions.ts';
import { PlatformError } from '../../platform-error.ts';
import type { Account } from '../../store/accounts.ts';
import { accountMistakes, adminChange, ownChange } from '../account-fields.ts';
import type { ConsoleApp, ConsoleContext, PageRequest } from '../console-env.ts';
import { attempt, type Fields, type FormState, readFields } from '../forms.ts';
import { renderPage } from '../layout.ts';
import { newPassword } from '../new-password.ts';
import { address } from '../pieces.ts';
import { setSession } from '../session-cookie.ts';
import {
  type AccountSight,
  accessSection,
  accountPath,
  deleteSection,
  forwardSection,
  headSection,
  mailboxSection,
  passwordSection,
  settingsSection,
  shownSection,
  twoStepSection,
} from './account-sections.ts';

/** One's own, or another's for administrators. @throws PlatformError `account-unknown`, `forbidden` */
export const openAccount = (c: PageRequest, { store }: ConsoleContext): Account => {
  const id = Number(c.req.param('id'));
  if (id !== c.var.account.id) requireAdmin(c.var.account);
  const account = Number.isSafeInteger(id) ? store.accounts.byId(id) : null;
  if (!account) throw new PlatformError('account-unknown', 'There is no such account');
  return account;
};

const show = (c: PageRequest, context: ConsoleContext, account: Account, state: FormState | null = null) => {
  const { view, account: actor } = c.var;
  const sight: AccountSight = { view, context, actor, account, state };
  const isOwn = actor.id === account.id;
  const body = html`${headSection(sight)}${shownSection(sight, c.req.query('shown'))}
    <div class="columns"><div class="rows">${settingsSection(sight)}${passwordSection(sight)}${twoStepSection(sight)}</div>
    <div class="rows">${mailboxSection(sight)}${forwardSection(sight)}${deleteSection(sight)}</div></div>
    ${accessSection(sight)}`;
  const page = {
    title: account.name || account.user,
    path: accountPath(account),
    section: isOwn ? ('own' as const) : ('accounts' as const),
    ...(isOwn ? {} : { above: { href: '/console/accounts', label: view.texts.accounts.title } }),
    body,
  };
  return c.html(renderPage(view, page), state ? 422 : 200);
};

/** Back to the account after a change, or its page again with what was wrong in the form. */
const finish = (
  c: PageRequest,
  context: ConsoleContext,
  account: Account,
  { id, values, errors, done }: { id: string; values: Fields; errors: Fields | null; done: string },
) => (errors ? show(c, context, account, { id, values, errors }) : c.redirect(address(accountPath(account), { done }), 303));

const save = async (c: PageRequest, context: ConsoleContext) => {
  const { account: actor, view } = c.var;
  const account = openAccount(c, context);
  const values = await readFields(c);
  const wrong = accountMistakes(view, values);
  const change = actor.role === 'user' ? ownChange(values) : adminChange(view, account, values);
  const errors =
    Object.keys(wrong).length > 0
      ? wrong
      : await attempt(view, () => context.office.accounts.change(actor, account.user, change), { 'department-missing': 'department' });
  return finish(c, context, account, { id: 'settings', values, errors, done: 'saved' });
};

/** What was typed, or a new one that is shown once. A person who changes his own stays logged in here. */
const setPassword = async (c: PageRequest, context: ConsoleContext) => {
  const { account: actor, view } = c.var;
  const { office, store, shownOnce } = context;
  const account = openAccount(c, context);
  const { password: typed = '', make } = await readFields(c);
  const password = make === 'yes' ? newPassword(office.policy.passwordMinLength) : typed;
  const errors = await attempt(view, () => office.accounts.setPassword(actor, account.user, password), { 'password-weak': 'password' });
  if (errors) return finish(c, context, account, { id: 'password', values: {}, errors, done: '' });
  if (actor.id === account.id) setSession(c, store.accounts.openSession(actor.id).token);
  const shown = make === 'yes' ? shownOnce.keep(actor.id, { kind: 'password', text: password }) : undefined;
  return c.redirect(address(accountPath(account), { done: 'password-set', shown }), 303);
};

const startOneTimeCodes = (c: PageRequest, context: ConsoleContext) => {
  const { account: actor } = c.var;
  const account = openAccount(c, context);
  const { secret } = context.office.accounts.startOneTimeCodes(actor, account.user);
  const text = secret.match(/.{1,4}/g)?.join(' ') ?? secret;
  const shown = context.shownOnce.keep(actor.id, { kind: 'one-time-secret', text });
  return c.redirect(address(accountPath(account), { shown }), 303);
};

const addForward = async (c: PageRequest, context: ConsoleContext) => {
  const account = openAccount(c, context);
  const values = await readFields(c);
  const target = (values.address ?? '').trim();
  const errors = await attempt(c.var.view, () => context.office.directory.addForward(account, target), {
    'address-outside': 'address',
    'too-many-forwards': 'address',
  });
  return finish(c, context, account, { id: 'forward', values, errors, done: 'forward-added' });
};

const dropForward = async (c: PageRequest, context: ConsoleContext) => {
  const account = openAccount(c, context);
  const values = await readFields(c);
  const errors = await attempt(c.var.view, () => context.office.directory.dropForward(account, values.address ?? ''));
  return finish(c, context, account, { id: 'forward', values: {}, errors, done: 'forward-removed' });
};

/** One account: for administrators, and for its owner what is his. */
export const addAccountPages = (app: ConsoleApp, context: ConsoleContext): void => {
  app.get('/accounts/:id{\\d+}', (c) => show(c, context, openAccount(c, context)));
  app.post('/accounts/:id{\\d+}', (c) => save(c, context));
  app.post('/accounts/:id{\\d+}/password', (c) => setPassword(c, context));
  app.post('/accounts/:id{\\d+}/one-time-codes', (c) => startOneTimeCodes(c, context));
  app.post('/accounts/:id{\\d+}/one-time-codes/stop', (c) => {
    const account = openAccount(c, context);
    context.office.accounts.stopOneTimeCodes(c.var.account, account.user);
    return c.redirect(address(accountPath(account), { done: 'one-time-code-off' }), 303);
  });
  app.post('/accounts/:id{\\d+}/forwards', (c) => addForward(c, context));
  app.post('/accounts/:id{\\d+}/forwards/remove', (c) => dropForward(c, context));
};

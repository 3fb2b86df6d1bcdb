import { html } from 'hono/html';
import { requireAdmin } from '../../office/permissions.ts';
import type { ConsoleApp, ConsoleContext, PageRequest } from '../console-env.ts';
import { attempt, type FormState, freshForm, readFields, renderForm, textField } from '../forms.ts';
import { renderPage } from '../layout.ts';
import { openAccount } from './account.ts';
import { accountPath } from './account-sections.ts';

const show = (c: PageRequest, context: ConsoleContext, state?: FormState) => {
  const account = openAccount(c, context);
  const { view } = c.var;
  const { texts, formats } = view;
  const { bytes, messages } = context.store.accounts.usage(account.id);
  const form = state ?? freshForm('delete');
  const path = `${accountPath(account)}/delete`;
  const body = html`<p class="notice warning strong">${texts.deleteAccount.warning(formats.count(messages), formats.size(bytes))}</p>
    <div class="notice warning"><p>${texts.deleteAccount.backupFirst}</p>
      <p><a href="${accountPath(account)}/backups">${texts.backups.open}</a></p></div>
    <section class="card">${renderForm(view, form, {
      action: path,
      submit: texts.deleteAccount.submit,
      tone: 'danger',
      cancelHref: accountPath(account),
      body: textField(form, { name: 'confirmation', label: texts.deleteAccount.confirm, inputMode: 'email', isRequired: true }),
    })}</section>`;
  const above = { href: accountPath(account), label: account.name || account.user };
  const page = { title: texts.deleteAccount.title(account.user), path, section: 'accounts' as const, above, body };
  return c.html(renderPage(view, page), state ? 422 : 200);
};

const destroy = async (c: PageRequest, context: ConsoleContext) => {
  const account = openAccount(c, context);
  const values = await readFields(c);
  const errors = await attempt(
    c.var.view,
    () => context.office.accounts.delete(c.var.account, account.user, (values.confirmation ?? '').trim()),
    { 'confirmation-required': 'confirmation' },
  );
  return errors ? show(c, context, { id: 'delete', values, errors }) : c.redirect('/console/accounts?done=account-deleted', 303);
};

/** Deletes an account when its address was typed, and points at backup first (SPEC A5). */
export const addDeleteAccountPages = (app: ConsoleApp, context: ConsoleContext): void => {
  app.get('/accounts/:id{\\d+}/delete', (c) => {
    requireAdmin(c.var.account);
    return show(c, context);
  });
  app.post('/accounts/:id{\\d+}/delete', (c) => {
    requireAdmin(c.var.account);
    return destroy(c, context);
  });
};

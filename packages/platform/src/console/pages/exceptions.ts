import { html } from 'hono/html';
import { requireSuperAdmin } from '../../office/permissions.ts';
import type { ConsoleApp, ConsoleContext, PageRequest } from '../console-env.ts';
import { attempt, freshForm, readFields, renderForm } from '../forms.ts';
import { renderPage } from '../layout.ts';
import { openAccount } from './account.ts';
import { POLICY_PATH, showPolicy } from './policy.ts';

const add = async (c: PageRequest, context: ConsoleContext) => {
  const { account: actor, view } = c.var;
  requireSuperAdmin(actor);
  const values = await readFields(c);
  const errors = await attempt(view, () => context.office.accounts.change(actor, (values.user ?? '').trim(), { pop3SmtpException: true }), {
    'account-unknown': 'user',
  });
  return errors ? showPolicy(c, context, { id: 'exception', values, errors }) : c.redirect(`${POLICY_PATH}?done=exception-added`, 303);
};

const ask = (c: PageRequest, context: ConsoleContext) => {
  requireSuperAdmin(c.var.account);
  const { view } = c.var;
  const { policy: words } = view.texts;
  const { id, user } = openAccount(c, context);
  const path = `${POLICY_PATH}/exceptions/${id}/remove`;
  const form = { action: path, submit: words.confirmSubmit, tone: 'danger' as const, cancelHref: POLICY_PATH, body: html`` };
  const body = html`<p class="notice warning">${words.confirmText}</p><section class="card">${renderForm(view, freshForm('remove'), form)}</section>`;
  const above = { href: POLICY_PATH, label: words.title };
  return c.html(renderPage(view, { title: words.confirmTitle(user), path, section: 'policy', above, body }));
};

const remove = (c: PageRequest, context: ConsoleContext) => {
  const { user } = openAccount(c, context);
  context.office.accounts.change(c.var.account, user, { pop3SmtpException: false });
  return c.redirect(`${POLICY_PATH}?done=exception-removed`, 303);
};

/** Who may use POP3 and SMTP while they are off; taking someone off the list asks first (SPEC P3). */
export const addExceptionPages = (app: ConsoleApp, context: ConsoleContext): void => {
  app.post('/policy/exceptions', (c) => add(c, context));
  app.get('/policy/exceptions/:id{\\d+}/remove', (c) => ask(c, context));
  app.post('/policy/exceptions/:id{\\d+}/remove', (c) => remove(c, context));
};

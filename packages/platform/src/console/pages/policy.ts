import { html } from 'hono/html';
import { requireSuperAdmin } from '../../office/permissions.ts';
import type { ConsoleApp, ConsoleContext, Html, PageRequest } from '../console-env.ts';
import { attempt, type FormState, freshForm, readFields, renderForm, textField } from '../forms.ts';
import { renderPage } from '../layout.ts';
import { policyFields, policyValues, readPolicy } from '../policy-fields.ts';

export const POLICY_PATH = '/console/policy';

/** SPEC P3. */
const exceptionSection = (c: PageRequest, { store }: ConsoleContext, form: FormState): Html => {
  const { view } = c.var;
  const { policy: words, account } = view.texts;
  const users = store.accounts.list().filter(({ pop3SmtpException }) => pop3SmtpException);
  return html`<section class="card"><h2>${words.exceptions}</h2><p class="hint">${words.exceptionsHint}</p>
    ${
      users.length === 0
        ? html`<p class="empty">${words.noExceptions}</p>`
        : html`<ul class="list">${users.map(
            ({ id, user }) =>
              html`<li><span>${user}</span><a href="${POLICY_PATH}/exceptions/${id}/remove" aria-label="${account.removeOne(user)}">${words.removeException}</a></li>`,
          )}</ul>`
    }
    ${renderForm(view, form, {
      action: `${POLICY_PATH}/exceptions`,
      submit: words.addException,
      tone: 'quiet',
      body: textField(form, { name: 'user', label: words.exception, inputMode: 'email', isRequired: true }),
    })}</section>`;
};

/** The policy, and beside it the exception users; `state` is a form that came back. */
export const showPolicy = (c: PageRequest, context: ConsoleContext, state: FormState | null = null) => {
  requireSuperAdmin(c.var.account);
  const { view } = c.var;
  const { policy } = context.office;
  const form = state?.id === 'policy' ? state : freshForm('policy', policyValues(policy));
  const exception = state?.id === 'exception' ? state : freshForm('exception');
  const body = html`<div class="columns"><section class="card">${renderForm(view, form, {
    action: POLICY_PATH,
    submit: view.texts.layout.save,
    body: policyFields(view, form, policy),
  })}</section>${exceptionSection(c, context, exception)}</div>`;
  const page = { title: view.texts.policy.title, path: POLICY_PATH, section: 'policy' as const, body };
  return c.html(renderPage(view, page), state ? 422 : 200);
};

const save = async (c: PageRequest, context: ConsoleContext) => {
  const { account: actor, view } = c.var;
  requireSuperAdmin(actor);
  const { office } = context;
  const values = await readFields(c);
  const read = readPolicy(view, office.policy, values);
  const errors = 'errors' in read ? read.errors : await attempt(view, () => office.changePolicy(actor, read.change));
  return errors ? showPolicy(c, context, { id: 'policy', values, errors }) : c.redirect(`${POLICY_PATH}?done=saved`, 303);
};

/** What holds for the whole office, for the super administrator (SPEC P1-P6, P9, A2, A10, A11, X1). */
export const addPolicyPages = (app: ConsoleApp, context: ConsoleContext): void => {
  app.get('/policy', (c) => showPolicy(c, context));
  app.post('/policy', (c) => save(c, context));
};

import { getConnInfo } from '@hono/node-server/conninfo';
import { html } from 'hono/html';
import type { ConsoleApp, ConsoleContext, PageRequest } from '../console-env.ts';
import { attempt, type FormState, freshForm, readFields, renderForm, textField } from '../forms.ts';
import { renderPage } from '../layout.ts';
import { dropSession, sessionToken, setSession } from '../session-cookie.ts';

export const LOG_IN_PATH = '/console/log-in';

const show = (c: PageRequest, form: FormState, status: 200 | 422) => {
  const { view } = c.var;
  const { logIn } = view.texts;
  const body = html`
    ${c.req.query('ended') !== undefined && status === 200 && html`<p class="notice warning" role="status">${logIn.ended}</p>`}
    ${renderForm(view, form, {
      action: LOG_IN_PATH,
      submit: logIn.submit,
      body: html`
        ${textField(form, { name: 'user', label: logIn.user, hint: logIn.userHint, autocomplete: 'username', inputMode: 'email', isRequired: true })}
        ${textField(form, { name: 'password', label: logIn.password, type: 'password', autocomplete: 'current-password', isRequired: true })}
        ${textField(form, { name: 'code', label: logIn.code, hint: logIn.codeHint, autocomplete: 'one-time-code', inputMode: 'numeric', isShort: true })}`,
    })}`;
  return c.html(renderPage(view, { title: logIn.title, path: LOG_IN_PATH, body }), status);
};

/** Log-in with a one-time code where the account has one (SPEC M4, A8, A11), and log-out. */
export const addLogInPages = (app: ConsoleApp, { store, office }: ConsoleContext): void => {
  app.get('/log-in', (c) => (c.var.view.account ? c.redirect('/console', 303) : show(c, freshForm('log-in'), 200)));

  app.post('/log-in', async (c) => {
    const { user = '', password = '', code = '' } = await readFields(c);
    const oneTimeCode = code.replaceAll(/\s/g, '');
    const visitor = { route: 'web', user: user.trim(), proof: { password }, address: getConnInfo(c).remote.address ?? '' } as const;
    const errors = await attempt(
      c.var.view,
      async () => {
        const account = await office.logIn.attempt(oneTimeCode === '' ? visitor : { ...visitor, oneTimeCode });
        const former = sessionToken(c);
        if (former !== null) store.accounts.closeSession(former);
        setSession(c, store.accounts.openSession(account.id).token);
      },
      { 'one-time-code-required': 'code' },
    );
    return errors ? show(c, { id: 'log-in', values: { user }, errors }, 422) : c.redirect('/console', 303);
  });

  app.post('/log-out', (c) => {
    store.accounts.closeSession(c.var.token);
    dropSession(c);
    return c.redirect(`${LOG_IN_PATH}?done=logged-out`, 303);
  });
};

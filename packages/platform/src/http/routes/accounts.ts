import { createRoute, z } from '@hono/zod-openapi';
import { requireAdmin } from '../../office/permissions.ts';
import type { Account } from '../../store/accounts.ts';
import { ACCOUNT, ACCOUNT_SETTINGS, accountView } from '../account-view.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';
import { jsonAnswer, LOGGED_IN } from '../json-answer.ts';
import { jsonBody } from '../json-body.ts';
import { problems } from '../problem.ts';

const USER = z.object({ user: z.string().openapi({ description: 'The whole address' }) });
const PASSWORD = z.string().min(1).max(1024);
const NEW_ACCOUNT = ACCOUNT_SETTINGS.extend({ user: z.string().max(320), password: PASSWORD });

const listAccounts = createRoute({
  method: 'get',
  path: '/api/v1/accounts',
  summary: 'All accounts with what they use, for administrators',
  security: LOGGED_IN,
  responses: {
    200: jsonAnswer('By address', z.object({ accounts: z.array(ACCOUNT) })),
    ...problems({ 401: 'auth-required', 403: 'forbidden' }),
  },
});

const createAccount = createRoute({
  method: 'post',
  path: '/api/v1/accounts',
  summary: 'Make an account. Without a quota it has the default of the policy, 20 MB at first',
  security: LOGGED_IN,
  request: jsonBody(NEW_ACCOUNT),
  responses: {
    201: jsonAnswer('Made, with its standard mailboxes', ACCOUNT),
    ...problems({
      400: 'request-invalid, address-invalid',
      401: 'auth-required',
      403: 'forbidden',
      404: 'department-missing',
      409: 'address-taken',
      422: 'domain-unknown, password-weak',
    }),
  },
});

const getOne = createRoute({
  method: 'get',
  path: '/api/v1/accounts/{user}',
  summary: "An account: one's own, or any for administrators",
  security: LOGGED_IN,
  request: { params: USER },
  responses: { 200: jsonAnswer('The account', ACCOUNT), ...problems({ 401: 'auth-required', 403: 'forbidden', 404: 'account-unknown' }) },
});

const changeOne = createRoute({
  method: 'patch',
  path: '/api/v1/accounts/{user}',
  summary: 'Change what is given and leave the rest. Owners change their name and their POP3/SMTP switch',
  security: LOGGED_IN,
  request: { params: USER, ...jsonBody(ACCOUNT_SETTINGS) },
  responses: {
    200: jsonAnswer('The account, as it is now', ACCOUNT),
    ...problems({
      400: 'request-invalid',
      401: 'auth-required',
      403: 'forbidden',
      404: 'account-unknown, department-missing',
      409: 'account-protected',
    }),
  },
});

const deleteOne = createRoute({
  method: 'delete',
  path: '/api/v1/accounts/{user}',
  summary: 'Destroy an account with all its mail',
  security: LOGGED_IN,
  request: { params: USER, query: z.object({ confirm: z.string().optional().openapi({ description: 'The address again' }) }) },
  responses: {
    204: { description: 'It is gone' },
    ...problems({
      401: 'auth-required',
      403: 'forbidden',
      404: 'account-unknown',
      409: 'confirmation-required: back it up first, then confirm; account-protected',
    }),
  },
});

const setPassword = createRoute({
  method: 'put',
  path: '/api/v1/accounts/{user}/password',
  summary: "Set a password: one's own, or another's for administrators. The account's web log-ins end",
  security: LOGGED_IN,
  request: { params: USER, ...jsonBody(z.strictObject({ password: PASSWORD })) },
  responses: {
    204: { description: 'It holds at once' },
    ...problems({ 400: 'request-invalid', 401: 'auth-required', 403: 'forbidden', 404: 'account-unknown', 422: 'password-weak' }),
  },
});

const startOneTimeCodes = createRoute({
  method: 'post',
  path: '/api/v1/accounts/{user}/one-time-codes',
  summary: 'Switch two-step verification on, with a new secret',
  security: LOGGED_IN,
  request: { params: USER },
  responses: {
    201: jsonAnswer('Shown this once: in base32, and as an otpauth:// address', z.object({ secret: z.string(), uri: z.string() })),
    ...problems({ 401: 'auth-required', 403: 'forbidden', 404: 'account-unknown' }),
  },
});

const stopOneTimeCodes = createRoute({
  method: 'delete',
  path: '/api/v1/accounts/{user}/one-time-codes',
  summary: 'Switch two-step verification off',
  security: LOGGED_IN,
  request: { params: USER },
  responses: { 204: { description: 'Off' }, ...problems({ 401: 'auth-required', 403: 'forbidden', 404: 'account-unknown' }) },
});

/** One's own, or another's for administrators. @throws PlatformError `account-unknown`, `forbidden` */
export const openAccountFor = ({ office }: HttpContext, actor: Account, user: string): Account => {
  // Before the account is looked for, so that nobody learns which addresses there are.
  if (user.toLowerCase() !== actor.user.toLowerCase()) requireAdmin(actor);
  return office.accounts.open(user);
};

const toDate = (text: string | null | undefined): Date | null | undefined => (typeof text === 'string' ? new Date(text) : text);

export const addAccountsRoutes = (app: HttpApp, context: HttpContext): void => {
  const { store, office } = context;

  app.openapi(listAccounts, (c) => {
    requireAdmin(c.var.account);
    return c.json({ accounts: store.accounts.list().map((account) => accountView(store, account)) }, 200);
  });

  app.openapi(createAccount, async (c) => {
    const { webBlockedUntil, ...wanted } = c.req.valid('json');
    const account = await office.accounts.create(c.var.account, { ...wanted, webBlockedUntil: toDate(webBlockedUntil) });
    return c.json(accountView(store, account), 201);
  });

  app.openapi(getOne, (c) => c.json(accountView(store, openAccountFor(context, c.var.account, c.req.valid('param').user)), 200));

  app.openapi(changeOne, (c) => {
    const { user } = c.req.valid('param');
    const { webBlockedUntil, ...change } = c.req.valid('json');
    openAccountFor(context, c.var.account, user);
    const account = office.accounts.change(c.var.account, user, { ...change, webBlockedUntil: toDate(webBlockedUntil) });
    return c.json(accountView(store, account), 200);
  });

  app.openapi(deleteOne, (c) => {
    office.accounts.delete(c.var.account, c.req.valid('param').user, c.req.valid('query').confirm);
    return c.body(null, 204);
  });

  app.openapi(setPassword, async (c) => {
    const { user } = openAccountFor(context, c.var.account, c.req.valid('param').user);
    await office.accounts.setPassword(c.var.account, user, c.req.valid('json').password);
    return c.body(null, 204);
  });

  app.openapi(startOneTimeCodes, (c) => {
    const { user } = openAccountFor(context, c.var.account, c.req.valid('param').user);
    return c.json(office.accounts.startOneTimeCodes(c.var.account, user), 201);
  });

  app.openapi(stopOneTimeCodes, (c) => {
    const { user } = openAccountFor(context, c.var.account, c.req.valid('param').user);
    office.accounts.stopOneTimeCodes(c.var.account, user);
    return c.body(null, 204);
  });
};

import { createRoute, z } from '@hono/zod-openapi';
import type { Office } from '../../office/office.ts';
import { requireAdmin } from '../../office/permissions.ts';
import { OFFICE_POLICY, unavailableFeatures } from '../../office/policy.ts';
import { PlatformError } from '../../platform-error.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';
import { jsonAnswer, LOGGED_IN } from '../json-answer.ts';
import { jsonBody } from '../json-body.ts';
import { problems } from '../problem.ts';

const POLICY = z
  .object({
    ...OFFICE_POLICY.shape,
    unavailableFeatures: z
      .array(z.enum(['secret-mail', 'approval-mail']))
      .openapi({ description: 'Features that would leak while POP3 and SMTP are on' }),
  })
  .openapi('Policy');
const CHANGE = z.strictObject(
  Object.fromEntries(Object.entries(OFFICE_POLICY.shape).map(([name, schema]) => [name, schema.unwrap().optional()])),
);
const USER = z.object({ user: z.string().openapi({ description: 'The whole address' }) });
const EXCEPTIONS = '/api/v1/policy/pop3-smtp-exceptions';

const getPolicy = createRoute({
  method: 'get',
  path: '/api/v1/policy',
  summary: 'What holds for the whole office',
  security: LOGGED_IN,
  responses: { 200: jsonAnswer('The policy', POLICY), ...problems({ 401: 'auth-required' }) },
});

const changePolicy = createRoute({
  method: 'patch',
  path: '/api/v1/policy',
  summary: 'Change what is given and leave the rest, for the super administrator',
  security: LOGGED_IN,
  request: jsonBody(CHANGE.openapi('PolicyChange')),
  responses: {
    200: jsonAnswer('The policy, as it is now', POLICY),
    ...problems({ 400: 'request-invalid, policy-invalid', 401: 'auth-required', 403: 'forbidden, also where the plan lacks the option' }),
  },
});

const listExceptions = createRoute({
  method: 'get',
  path: EXCEPTIONS,
  summary: 'Who may use POP3 and SMTP while they are switched off',
  security: LOGGED_IN,
  responses: {
    200: jsonAnswer('By address', z.object({ users: z.array(z.string()) })),
    ...problems({ 401: 'auth-required', 403: 'forbidden' }),
  },
});

const addException = createRoute({
  method: 'put',
  path: `${EXCEPTIONS}/{user}`,
  summary: 'Put a user on the exception list; it takes effect at once',
  security: LOGGED_IN,
  request: { params: USER },
  responses: { 204: { description: 'On the list' }, ...problems({ 401: 'auth-required', 403: 'forbidden', 404: 'account-unknown' }) },
});

const removeException = createRoute({
  method: 'delete',
  path: `${EXCEPTIONS}/{user}`,
  summary: 'Take a user off the exception list: at once, and not to be undone',
  security: LOGGED_IN,
  request: { params: USER, query: z.object({ confirm: z.string().optional().openapi({ description: 'The address again' }) }) },
  responses: {
    204: { description: 'Off the list' },
    ...problems({ 401: 'auth-required', 403: 'forbidden', 404: 'account-unknown', 409: 'confirmation-required' }),
  },
});

const policyView = ({ policy }: Office): z.infer<typeof POLICY> => ({
  ...policy,
  webAllowedAddresses: [...policy.webAllowedAddresses],
  unavailableFeatures: [...unavailableFeatures(policy)],
});

export const addPolicyRoutes = (app: HttpApp, { store, office }: HttpContext): void => {
  app.openapi(getPolicy, (c) => c.json(policyView(office), 200));

  app.openapi(changePolicy, (c) => {
    office.changePolicy(c.var.account, c.req.valid('json'));
    return c.json(policyView(office), 200);
  });

  app.openapi(listExceptions, (c) => {
    requireAdmin(c.var.account);
    const users = store.accounts.list().flatMap(({ user, pop3SmtpException }) => (pop3SmtpException ? [user] : []));
    return c.json({ users }, 200);
  });

  app.openapi(addException, (c) => {
    office.accounts.change(c.var.account, c.req.valid('param').user, { pop3SmtpException: true });
    return c.body(null, 204);
  });

  app.openapi(removeException, (c) => {
    const { user } = c.req.valid('param');
    if (c.req.valid('query').confirm?.toLowerCase() !== user.toLowerCase()) {
      throw new PlatformError('confirmation-required', 'That is immediate and cannot be undone; confirm with the address');
    }
    office.accounts.change(c.var.account, user, { pop3SmtpException: false });
    return c.body(null, 204);
  });
};

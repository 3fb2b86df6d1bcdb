import { getConnInfo } from '@hono/node-server/conninfo';
import { createRoute, z } from '@hono/zod-openapi';
import type { HttpApp, HttpContext } from '../http-context.ts';
import { jsonBody } from '../json-body.ts';
import { problems } from '../problem.ts';

const CREDENTIALS = z.object({
  user: z.string().min(1).max(320).openapi({ description: 'The whole address, or the part before @ where only one account has it' }),
  password: z.string().max(1024),
  oneTimeCode: z.string().max(20).optional().openapi({ description: 'Six digits, where the account has two-step verification' }),
});

const logIn = createRoute({
  method: 'post',
  path: '/api/v1/sessions',
  summary: 'Log in',
  request: jsonBody(CREDENTIALS),
  responses: {
    201: {
      description: 'A token for the Authorization header',
      content: { 'application/json': { schema: z.object({ token: z.string(), expiresAt: z.iso.datetime() }) } },
    },
    ...problems({
      400: 'request-invalid',
      401: 'auth-refused; one-time-code-required: send it again with the code',
      403: 'account-suspended, address-not-allowed, blocked-hours, web-blocked',
      429: 'too-many-log-ins',
    }),
  },
});

const logOut = createRoute({
  method: 'delete',
  path: '/api/v1/sessions/current',
  summary: 'Log out: the token holds no longer',
  security: [{ bearer: [] }],
  responses: { 204: { description: 'Done' }, ...problems({ 401: 'auth-required' }) },
});

export const addSessionRoutes = (app: HttpApp, { store, office }: HttpContext): void => {
  app.openapi(logIn, async (c) => {
    const { user, password, oneTimeCode } = c.req.valid('json');
    const address = getConnInfo(c).remote.address ?? '';
    const attempt = { route: 'web', user, proof: { password }, address } as const;
    const account = await office.logIn.attempt(oneTimeCode === undefined ? attempt : { ...attempt, oneTimeCode });
    const { token, expiresAt } = store.accounts.openSession(account.id);
    return c.json({ token, expiresAt: expiresAt.toISOString() }, 201);
  });

  app.openapi(logOut, (c) => {
    store.accounts.closeSession(c.var.token);
    return c.body(null, 204);
  });
};

import { createRoute } from '@hono/zod-openapi';
import { ACCOUNT, accountView } from '../account-view.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';
import { problems } from '../problem.ts';

const getAccount = createRoute({
  method: 'get',
  path: '/api/v1/account',
  summary: 'The account that is logged in, and what it uses',
  security: [{ bearer: [] }],
  responses: {
    200: { description: 'The account', content: { 'application/json': { schema: ACCOUNT } } },
    ...problems({ 401: 'auth-required' }),
  },
});

export const addAccountRoutes = (app: HttpApp, { store }: HttpContext): void => {
  app.openapi(getAccount, (c) => c.json(accountView(store, c.var.account), 200));
};

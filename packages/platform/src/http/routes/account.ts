import { createRoute, z } from '@hono/zod-openapi';
import type { HttpApp, HttpContext } from '../http-context.ts';
import { problems } from '../problem.ts';

const ACCOUNT = z
  .object({
    user: z.string(),
    setUp: z.boolean().openapi({ description: 'Mail can be moved in only when true' }),
    quotaBytes: z.number().int().nullable().openapi({ description: 'Null means unlimited' }),
    usedBytes: z.number().int(),
    messageCount: z.number().int(),
  })
  .openapi('Account');

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
  app.openapi(getAccount, (c) => {
    const { id, user, setUp, quotaBytes } = c.var.account;
    const { bytes, messages } = store.accounts.usage(id);
    return c.json({ user, setUp, quotaBytes, usedBytes: bytes, messageCount: messages }, 200);
  });
};

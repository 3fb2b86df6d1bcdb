import { setTimeout as sleep } from 'node:timers/promises';
import { createRoute, z } from '@hono/zod-openapi';
import { PlatformError } from '../../platform-error.ts';
import { verifyPassword } from '../../store/password-hash.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';
import { jsonBody } from '../json-body.ts';
import { problems } from '../problem.ts';

const CREDENTIALS = z.object({
  user: z.string().min(1).max(320).openapi({ description: 'The whole address, or the part before @ where only one account has it' }),
  password: z.string().max(1024),
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
    ...problems({ 400: 'request-invalid', 401: 'auth-refused' }),
  },
});

export const addSessionRoutes = (app: HttpApp, { store, failedLogInMs }: HttpContext): void => {
  app.openapi(logIn, async (c) => {
    const { user, password } = c.req.valid('json');
    const found = store.accounts.findForLogIn(user, true);
    const isRight = await verifyPassword(password, found?.passwordHash ?? null);
    if (!found || !isRight) {
      await sleep(failedLogInMs);
      throw new PlatformError('auth-refused', 'User name or password is wrong');
    }
    const { token, expiresAt } = store.accounts.openSession(found.account.id);
    return c.json({ token, expiresAt: expiresAt.toISOString() }, 201);
  });
};

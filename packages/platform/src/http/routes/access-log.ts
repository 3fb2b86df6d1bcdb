import { createRoute, z } from '@hono/zod-openapi';
import { requireAdmin } from '../../office/permissions.ts';
import { ROUTES } from '../../store/access-log.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';
import { jsonAnswer, LOGGED_IN } from '../json-answer.ts';
import { problems } from '../problem.ts';
import { PAGE_LIMIT } from '../schemas.ts';

const ACCESS = z
  .object({
    id: z.number().int(),
    at: z.iso.datetime(),
    route: z.enum(ROUTES),
    user: z.string().openapi({ description: 'As it was typed' }),
    address: z.string().openapi({ description: "The client's IP address" }),
    result: z.string().openapi({ description: '`ok`, or the code of the refusal' }),
  })
  .openapi('Access');

const listAccesses = createRoute({
  method: 'get',
  path: '/api/v1/access-log',
  summary: "Log-ins, granted and refused: one's own, or all for administrators",
  security: LOGGED_IN,
  request: {
    query: z.object({
      user: z.string().max(320).optional().openapi({ description: 'The whole address' }),
      before: z.coerce.number().int().min(1).optional(),
      limit: PAGE_LIMIT,
    }),
  },
  responses: {
    200: jsonAnswer(
      'The newest first; `next` is the `before` of the next page, null on the last',
      z.object({ accesses: z.array(ACCESS), next: z.number().int().nullable() }),
    ),
    ...problems({ 400: 'request-invalid', 401: 'auth-required', 403: 'forbidden' }),
  },
});

export const addAccessLogRoutes = (app: HttpApp, { store }: HttpContext): void => {
  app.openapi(listAccesses, (c) => {
    const { user, before, limit } = c.req.valid('query');
    if (user?.toLowerCase() !== c.var.account.user.toLowerCase()) requireAdmin(c.var.account);
    const page = store.accessLog.page({
      limit: limit + 1,
      ...(user === undefined ? {} : { user }),
      ...(before === undefined ? {} : { before }),
    });
    const accesses = page.slice(0, limit).map((access) => ({ ...access, at: access.at.toISOString() }));
    return c.json({ accesses, next: page.length > limit ? (accesses.at(-1)?.id ?? null) : null }, 200);
  });
};

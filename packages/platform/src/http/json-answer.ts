import type { z } from '@hono/zod-openapi';

/** An answer of a route in the OpenAPI document. */
export const jsonAnswer = <Schema extends z.ZodType>(description: string, schema: Schema) => ({
  description,
  content: { 'application/json': { schema } },
});

/** Of a route that needs a log-in. */
export const LOGGED_IN: { bearer: string[] }[] = [{ bearer: [] }];

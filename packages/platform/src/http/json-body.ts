import type { z } from '@hono/zod-openapi';
import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { PlatformError } from '../platform-error.ts';

const MAX_JSON_BYTES = 256 * 1024;

/** The `request` part of a route that takes JSON. */
export const jsonBody = <Schema extends z.ZodType>(schema: Schema) => ({
  body: { required: true, content: { 'application/json': { schema } } },
});

const limit = bodyLimit({
  maxSize: MAX_JSON_BYTES,
  onError: () => {
    throw new PlatformError('body-too-large', `JSON has at most ${MAX_JSON_BYTES} bytes here`);
  },
});

/** Refuses JSON that is too long before it is read. */
export const limitJson: MiddlewareHandler = (c, next) => {
  const hasBody = c.req.header('content-length') !== undefined || c.req.header('transfer-encoding') !== undefined;
  const isJson = /^application\/([\w.+-]+\+)?json\b/i.test(c.req.header('content-type') ?? '');
  return hasBody && isJson ? limit(c, next) : next();
};

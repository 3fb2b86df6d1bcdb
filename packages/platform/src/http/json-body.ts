import type { z } from '@hono/zod-openapi';
import { bodyLimit } from 'hono/body-limit';
import { PlatformError } from '../platform-error.ts';

const MAX_JSON_BYTES = 256 * 1024;

/** The `request` part of a route that takes JSON. */
export const jsonBody = <Schema extends z.ZodType>(schema: Schema) => ({
  body: { required: true, content: { 'application/json': { schema } } },
});

/** Refuses JSON that is too long before it is read. */
export const limitJson = bodyLimit({
  maxSize: MAX_JSON_BYTES,
  onError: () => {
    throw new PlatformError('body-too-large', `JSON has at most ${MAX_JSON_BYTES} bytes here`);
  },
});

import type { Context } from 'hono';

/** Whether a request failed because its client went away before all of it was there. That is nobody's error here, and needs no answer. */
export const wasCutOff = (c: Context, error: Error): boolean => c.req.raw.signal.aborted && 'code' in error && error.code === 'ECONNRESET';

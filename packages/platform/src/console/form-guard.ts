import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Context } from 'hono';

/** The hidden field of every form behind the log-in. */
export const FORM_TOKEN_FIELD = 'form-token';

/** Belongs to one session, and tells nothing about its token. */
export const formTokenOf = (sessionToken: string): string =>
  createHmac('sha256', sessionToken).update('mailferry console form').digest('base64url');

export const isFormToken = (sent: string | undefined, sessionToken: string): boolean => {
  const wanted = Buffer.from(formTokenOf(sessionToken));
  const given = Buffer.from(sent ?? '');
  return given.length === wanted.length && timingSafeEqual(given, wanted);
};

/** Whether a page of this very host sent the form. Browsers name the origin of every POST (RFC 6454 §7.3). */
export const isFromHere = (c: Context): boolean => {
  const origin = c.req.header('origin');
  const host = c.req.header('host');
  return origin !== undefined && host !== undefined && URL.canParse(origin) && new URL(origin).host === host.toLowerCase();
};

import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';

const COOKIE = 'mailferry-session';
const PLACE = { path: '/console', sameSite: 'Strict', httpOnly: true } as const;

/** Goes when the browser closes; the session behind it ends by itself. `Secure` where the request came over TLS. */
export const setSession = (c: Context, token: string): void =>
  setCookie(c, COOKIE, token, { ...PLACE, secure: new URL(c.req.url).protocol === 'https:' });

/** As the browser sent it, whether it holds or not. */
export const sessionToken = (c: Context): string | null => {
  const token = getCookie(c, COOKIE);
  return token !== undefined && /^[\w-]{1,100}$/.test(token) ? token : null;
};

export const dropSession = (c: Context): void => {
  deleteCookie(c, COOKIE, PLACE);
};

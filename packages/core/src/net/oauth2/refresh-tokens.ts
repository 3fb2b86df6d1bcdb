import { z } from 'zod';
import { MailferryError } from '../../errors.ts';
import type { TokenSource } from '../credential.ts';

export interface RefreshOptions {
  /** Whose tokens: a known provider, or the URL of a token end point (https, or http on this machine). */
  readonly provider: 'google' | 'microsoft' | URL;
  readonly clientId: string;
  /** Google wants one for installed apps too; Microsoft's public clients have none. */
  readonly clientSecret?: string;
  readonly refreshToken: string;
  /** Default: for IMAP and POP at the provider. */
  readonly scope?: string;
  /** A provider may give a new refresh token with an access token; the old one may not work again. Stored before the token is used. */
  readonly onRotated?: (refreshToken: string) => Promise<void>;
  /** Milliseconds that only grow. Default: the machine's. */
  readonly now?: () => number;
}

const ENDPOINTS = {
  google: 'https://oauth2.googleapis.com/token',
  microsoft: 'https://login.microsoftonline.com/common/oauth2/v2.0/token',
} as const;
const SCOPES = {
  google: undefined,
  microsoft: 'https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/POP.AccessAsUser.All offline_access',
} as const;

/** A token is taken for spent so long before it is. */
const MARGIN_MS = 60_000;
const TIMEOUT_MS = 30_000;
const MAX_ANSWER_BYTES = 64 * 1024;
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

const tokenAnswer = z.object({
  access_token: z.string().min(1),
  expires_in: z.coerce.number().positive().optional(),
  refresh_token: z.string().min(1).optional(),
});
const errorAnswer = z.object({ error: z.string().max(200) });

/**
 * Access tokens by a refresh token (RFC 6749 §6). One is used until it runs out or is refused. Nothing secret is in any error.
 * Errors of `token`: `token-refused` when the provider says no, `token-failed` when it doesn't answer; of the call itself: `option-invalid`.
 */
export const refreshTokens = (options: RefreshOptions): TokenSource => {
  const { provider, now = () => performance.now() } = options;
  const endpoint = provider instanceof URL ? provider : new URL(ENDPOINTS[provider]);
  if (endpoint.protocol !== 'https:' && !(endpoint.protocol === 'http:' && LOOPBACK.test(endpoint.hostname)))
    throw new MailferryError('option-invalid', { option: 'token end point', reason: 'it has to be https' });
  const scope = options.scope ?? (provider instanceof URL ? undefined : SCOPES[provider]);
  let { refreshToken } = options;
  let current: { readonly token: string; readonly goodUntilMs: number } | undefined;
  let underway: Promise<string> | undefined;

  const renew = async (signal: AbortSignal): Promise<string> => {
    const answer = await ask(endpoint, { ...options, refreshToken, scope }, signal);
    if (answer.refresh_token !== undefined && answer.refresh_token !== refreshToken) {
      refreshToken = answer.refresh_token;
      await options.onRotated?.(refreshToken);
    }
    current = { token: answer.access_token, goodUntilMs: now() + (answer.expires_in ?? 3600) * 1000 - MARGIN_MS };
    return current.token;
  };
  return {
    token: async (signal, refused) => {
      if (current && current.token !== refused && now() < current.goodUntilMs) return current.token;
      underway ??= renew(signal).finally(() => {
        underway = undefined;
      });
      return underway;
    },
  };
};

const ask = async (
  endpoint: URL,
  {
    clientId,
    clientSecret,
    refreshToken,
    scope,
  }: Pick<RefreshOptions, 'clientId' | 'clientSecret' | 'refreshToken'> & { scope: string | undefined },
  signal: AbortSignal,
): Promise<z.infer<typeof tokenAnswer>> => {
  const issuer = endpoint.host;
  const body = new URLSearchParams({ grant_type: 'refresh_token', client_id: clientId, refresh_token: refreshToken });
  if (clientSecret !== undefined) body.set('client_secret', clientSecret);
  if (scope !== undefined) body.set('scope', scope);
  const failed = (reason: string): MailferryError => new MailferryError('token-failed', { issuer, reason });
  const { status, text } = await post(endpoint, body, signal).catch((error: unknown) => {
    if (signal.aborted) throw new MailferryError('cancelled', {});
    throw error instanceof MailferryError ? error : failed('it could not be reached');
  });
  const answer: unknown = parse(text);
  if (status >= 200 && status < 300) {
    const read = tokenAnswer.safeParse(answer);
    if (read.success) return read.data;
    throw failed('its answer has no token');
  }
  const code = errorAnswer.safeParse(answer).data?.error ?? `HTTP ${status}`;
  if (status >= 500 || status === 429) throw failed(code);
  throw new MailferryError('token-refused', { issuer, reply: code });
};

const post = async (endpoint: URL, body: URLSearchParams, signal: AbortSignal): Promise<{ status: number; text: string }> => {
  const response = await fetch(endpoint, {
    method: 'POST',
    body,
    // A token is for that end point, and no other.
    redirect: 'error',
    headers: { accept: 'application/json' },
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
  });
  let text = '';
  const decoder = new TextDecoder();
  for await (const piece of response.body ?? []) {
    text += decoder.decode(piece, { stream: true });
    if (text.length > MAX_ANSWER_BYTES)
      throw new MailferryError('token-failed', { issuer: endpoint.host, reason: 'its answer is too long' });
  }
  return { status: response.status, text };
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

import { z } from 'zod';
import { MailferryError } from '../../errors.ts';
import type { TokenSource } from '../credential.ts';
import { type FreshToken, shareToken } from './shared-token.ts';

export interface RefreshOptions {
  /** Whose tokens: a known provider, or the URL of a token end point (https, or http on this machine). */
  readonly provider: 'google' | 'microsoft' | URL;
  readonly clientId: string;
  /** Google wants one for installed apps too; Microsoft's public clients have none. */
  readonly clientSecret?: string;
  readonly refreshToken: string;
  /** Default: IMAP and POP at Microsoft, whatever was agreed to at others. */
  readonly scope?: string;
  /**
   * A provider may give a new refresh token with an access token; the old one may not work again. Awaited before the access
   * token is used; what it throws, `token` throws.
   */
  readonly onRotated?: (refreshToken: string) => Promise<void>;
  /** Milliseconds that only grow. Default: the machine's. */
  readonly now?: () => number;
}

const ENDPOINTS = {
  google: 'https://oauth2.googleapis.com/token',
  microsoft: 'https://login.microsoftonline.com/common/oauth2/v2.0/token',
} as const;
/** Microsoft may want named again what was agreed to; others give it by themselves. */
const MICROSOFT_HOST = 'login.microsoftonline.com';
const MICROSOFT_SCOPE = 'https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/POP.AccessAsUser.All offline_access';

/** A token is taken for spent so long before it is, or half its life where that is less. */
const MARGIN_MS = 60_000;
const DEFAULT_LIFE_SECONDS = 3600;
const TIMEOUT_MS = 30_000;
const MAX_ANSWER_BYTES = 64 * 1024;
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** RFC 6749 §5.1. Microsoft's first version of the end point gives the seconds as text. */
const tokenAnswer = z.object({
  access_token: z.string().min(1),
  expires_in: z.coerce.number().nonnegative().catch(DEFAULT_LIFE_SECONDS),
  refresh_token: z.string().min(1).optional().catch(undefined),
});
/** RFC 6749 §5.2. Anything that isn't such a code is not shown: it could be a secret, sent back. */
const errorAnswer = z.object({
  error: z.string().regex(/^[a-z_]{1,60}$/),
  /** Microsoft's own, known as AADSTS50173 and the like. */
  error_codes: z.array(z.number().int().nonnegative()).catch([]),
});
/** RFC 6749 §4.1.2.1, RFC 8628 §3.5: what may be another answer next time, whatever the status. */
const PASSING: ReadonlySet<string> = new Set(['server_error', 'temporarily_unavailable', 'slow_down']);

/**
 * Access tokens by a refresh token (RFC 6749 §6). One is used until it runs out or is refused. Nothing secret is in any error.
 * Errors of `token`: `token-refused` when the provider says no, `token-failed` when it doesn't answer or asks to come again;
 * of the call itself: `option-invalid`.
 */
export const refreshTokens = (options: RefreshOptions): TokenSource => {
  const { provider, now = () => performance.now() } = options;
  const endpoint = checkEndpoint(provider instanceof URL ? provider : new URL(ENDPOINTS[provider]));
  const scope = options.scope ?? (endpoint.host === MICROSOFT_HOST ? MICROSOFT_SCOPE : undefined);
  let { refreshToken } = options;

  const make = async (signal: AbortSignal): Promise<FreshToken> => {
    const askedAtMs = now();
    const answer = await ask(endpoint, requestBody({ ...options, refreshToken, scope }), signal);
    if (answer.refresh_token !== undefined && answer.refresh_token !== refreshToken) {
      refreshToken = answer.refresh_token;
      await options.onRotated?.(refreshToken);
    }
    const lifeMs = answer.expires_in * 1000;
    return { token: answer.access_token, goodUntilMs: askedAtMs + lifeMs - Math.min(MARGIN_MS, lifeMs / 2) };
  };
  return shareToken({ issuer: endpoint.host, now, make });
};

const checkEndpoint = (endpoint: URL): URL => {
  const invalid = (reason: string): MailferryError => new MailferryError('option-invalid', { option: 'token end point', reason });
  if (endpoint.protocol !== 'https:' && !(endpoint.protocol === 'http:' && LOOPBACK.test(endpoint.hostname)))
    throw invalid('it has to be https');
  if (endpoint.username !== '' || endpoint.password !== '') throw invalid("user and password don't belong in it");
  return endpoint;
};

type Grant = Pick<RefreshOptions, 'clientId' | 'clientSecret' | 'refreshToken'> & { readonly scope: string | undefined };

const requestBody = ({ clientId, clientSecret, refreshToken, scope }: Grant): URLSearchParams =>
  new URLSearchParams({
    grant_type: 'refresh_token',
    client_id: clientId,
    refresh_token: refreshToken,
    ...(clientSecret === undefined ? {} : { client_secret: clientSecret }),
    ...(scope === undefined ? {} : { scope }),
  });

const ask = async (endpoint: URL, body: URLSearchParams, signal: AbortSignal): Promise<z.infer<typeof tokenAnswer>> => {
  const issuer = endpoint.host;
  const { status, retryAfterMs, text } = await post(endpoint, body, signal);
  const failed = (reason: string): MailferryError => new MailferryError('token-failed', { issuer, reason }, { retryAfterMs });
  const answer = parse(text);
  if (status >= 200 && status < 300) {
    const read = tokenAnswer.safeParse(answer);
    if (read.success) return read.data;
    throw failed('its answer has no token');
  }
  const { error, error_codes: codes } = errorAnswer.safeParse(answer).data ?? { error: `HTTP ${status}`, error_codes: [] };
  if (status >= 500 || status === 429 || status === 408 || PASSING.has(error)) throw failed(error);
  throw new MailferryError('token-refused', { issuer, reply: [error, ...codes.slice(0, 3).map((code) => `AADSTS${code}`)].join(' ') });
};

interface Answer {
  readonly status: number;
  readonly retryAfterMs: number | null;
  readonly text: string;
}

/** The causes that `fetch` gives are left out of the error: they may hold the request. */
const post = async (endpoint: URL, body: URLSearchParams, signal: AbortSignal): Promise<Answer> => {
  const issuer = endpoint.host;
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  try {
    const response = await fetch(endpoint, {
      method: 'POST',
      body,
      // A token is for that end point, and no other.
      redirect: 'error',
      headers: { accept: 'application/json' },
      signal: AbortSignal.any([signal, timeout]),
    });
    const seconds = /^\d{1,5}$/.exec(response.headers.get('retry-after') ?? '')?.[0];
    return {
      status: response.status,
      retryAfterMs: seconds === undefined ? null : Number(seconds) * 1000,
      text: await readText(response, issuer),
    };
  } catch (error) {
    if (signal.aborted) throw new MailferryError('cancelled', {});
    if (error instanceof MailferryError) throw error;
    const reason = timeout.aborted ? `nothing within ${TIMEOUT_MS / 1000} s` : `it could not be reached${codeOf(error)}`;
    throw new MailferryError('token-failed', { issuer, reason });
  }
};

const readText = async (response: Response, issuer: string): Promise<string> => {
  const pieces: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const piece of response.body ?? []) {
    sizeBytes += piece.length;
    if (sizeBytes > MAX_ANSWER_BYTES) throw new MailferryError('token-failed', { issuer, reason: 'its answer is too long' });
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString();
};

/** ` (ECONNREFUSED)`, where `fetch` tells. */
const codeOf = (error: unknown): string => {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause ? ` (${cause.code})` : '';
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

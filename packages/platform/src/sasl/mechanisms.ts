import type { LogInAttempt } from '../office/log-in.ts';

/** Who logs in, and what proves it. */
export type Credentials = Pick<LogInAttempt, 'user' | 'proof'>;

/** One exchange of RFC 4422: what the server says before each response, and what the responses mean together. */
export interface SaslMechanism {
  /** In clear, before base64; one response is read for each. */
  readonly challenges: readonly string[];
  /** Null for responses that are not of its form. */
  readonly read: (responses: readonly Buffer[]) => Credentials | null;
  /** What a refused client is told before the end, which it answers with an empty response. */
  readonly failure?: string;
}

/** RFC 4616: `[authzid] NUL authcid NUL password`. Acting for someone else is not possible. */
const readPlain = ([response]: readonly Buffer[]): Credentials | null => {
  const [actFor, user, password, ...rest] = response?.toString('utf8').split('\0') ?? [];
  if (user === undefined || password === undefined || rest.length > 0) return null;
  return actFor === '' || actFor === user ? { user, proof: { password } } : null;
};

/** `draft-murchison-sasl-login-00`. */
const readLogin = ([user, password]: readonly Buffer[]): Credentials | null =>
  user && password ? { user: user.toString('utf8'), proof: { password: password.toString('utf8') } } : null;

/** RFC 6750 §2.1 `b64token`. */
const BEARER = /^Bearer +([A-Za-z0-9\-._~+/]+=*)$/i;

const tokenOf = (fields: readonly string[]): string | null =>
  BEARER.exec(fields.find((field) => field.startsWith('auth='))?.slice('auth='.length) ?? '')?.[1] ?? null;

/** Google's and Microsoft's: `user=` address ^A `auth=Bearer ` token ^A ^A. */
const readXoauth2 = ([response]: readonly Buffer[]): Credentials | null => {
  const fields = response?.toString('utf8').split('\x01') ?? [];
  const token = tokenOf(fields);
  const [user = ''] = fields;
  return token !== null && user.startsWith('user=') ? { user: user.slice('user='.length), proof: { token } } : null;
};

/** RFC 7628 §3.1: a GS2 header that names the user, ^A, then fields. `,` and `=` in the name are `=2C` and `=3D`. */
const readOauthBearer = ([response]: readonly Buffer[]): Credentials | null => {
  const [header = '', ...fields] = response?.toString('utf8').split('\x01') ?? [];
  const [, user] = /^[ny],a=([^,]+),$/.exec(header) ?? [];
  const token = tokenOf(fields);
  if (user === undefined || token === null) return null;
  return { user: user.replaceAll('=2C', ',').replaceAll('=3D', '='), proof: { token } };
};

/** By the name that follows `AUTH=`. */
export const SASL_MECHANISMS: ReadonlyMap<string, SaslMechanism> = new Map<string, SaslMechanism>([
  ['PLAIN', { challenges: [''], read: readPlain }],
  ['LOGIN', { challenges: ['Username:', 'Password:'], read: readLogin }],
  ['XOAUTH2', { challenges: [''], read: readXoauth2, failure: '{"status":"401","schemes":"bearer","scope":"mail"}' }],
  ['OAUTHBEARER', { challenges: [''], read: readOauthBearer, failure: '{"status":"invalid_token","scope":"mail"}' }],
]);

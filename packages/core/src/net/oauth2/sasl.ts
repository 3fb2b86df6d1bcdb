/** RFC 5801 §4. */
const escapeName = (name: string): string => name.replaceAll('=', '=3D').replaceAll(',', '=2C');

/** The initial response of SASL XOAUTH2, as Google and Microsoft define it, in base64. */
export const xoauth2Response = (user: string, token: string): string =>
  Buffer.from(`user=${user}\x01auth=Bearer ${token}\x01\x01`).toString('base64');

/** The initial response of SASL OAUTHBEARER (RFC 7628 §3.1), in base64. */
export const oauthBearerResponse = (user: string, token: string, host: string, port: number): string =>
  Buffer.from(`n,a=${escapeName(user)},\x01host=${host}\x01port=${port}\x01auth=Bearer ${token}\x01\x01`).toString('base64');

const MAX_STATUS_CHARS = 200;

/** What a server says of a refused token (RFC 7628 §3.2.2): the status in a base64 challenge, else the challenge as it is, shortened. */
export const readOauthError = (challenge: string): string => (statusOf(challenge) ?? challenge).slice(0, MAX_STATUS_CHARS);

const statusOf = (challenge: string): string | undefined => {
  try {
    const answer: unknown = JSON.parse(Buffer.from(challenge, 'base64').toString());
    if (typeof answer !== 'object' || answer === null || !('status' in answer)) return undefined;
    // Google gives the number of an HTTP status, as text.
    return typeof answer.status === 'string' || typeof answer.status === 'number' ? String(answer.status) : undefined;
  } catch {
    return undefined;
  }
};

const escapePattern = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

const BASE64 = /[A-Za-z0-9+/]{8,}={0,2}/g;
/** SASL PLAIN (RFC 4616), and XOAUTH2 or OAUTHBEARER (RFC 7628), whoever's and however cut short. */
const SASL_RESPONSE = /^[^\0]*\0[^\0]+\0|\bauth=Bearer /;

const redactSaslResponse = (text: string): string => (SASL_RESPONSE.test(Buffer.from(text, 'base64').toString('latin1')) ? '***' : text);

/** The one place that takes credentials out of texts before anybody sees them. */
export class Secrets {
  readonly #patterns = new Map<string, RegExp>();

  /** Remembers a password or token in the forms in which a server may echo it. */
  add(secret: string): void {
    if (secret === '') return;
    for (const form of [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')]) {
      // As a word of its own only: a password like `pass`, cut out of `password`, would be given away by the hole.
      this.#patterns.set(form, new RegExp(`(?<![\\p{L}\\p{N}])${escapePattern(form)}(?![\\p{L}\\p{N}])`, 'gu'));
    }
  }

  /** Replaces known secrets, whatever stands as a password in a URL, and responses of a log-in by `***`. */
  redact(text: string): string {
    const unknown = text.replace(/(\w+:\/\/[^\s:@/]*):\S*@/g, '$1:***@').replace(BASE64, redactSaslResponse);
    return [...this.#patterns.values()].reduce((redacted, pattern) => redacted.replace(pattern, '***'), unknown);
  }

  redactDetails(details: Readonly<Record<string, string | number>>): Record<string, string | number> {
    return Object.fromEntries(
      Object.entries(details).map(([name, value]) => [name, typeof value === 'string' ? this.redact(value) : value]),
    );
  }
}

import type { PolicyChange } from './office/office.ts';

/** How a hoster differs from the defaults, as far as its manuals tell. Not checked live. */
export interface ProviderProfile {
  readonly policy: PolicyChange;
  /** Mechanisms of AUTHENTICATE and AUTH that are not offered. */
  readonly withoutMechanisms: readonly 'PLAIN'[];
}

/** Each has POP3 and SMTP switched on, as a migration finds them. */
export const PROVIDER_PROFILES = {
  /** POP3 only. */
  hiworks: { policy: { pop3Smtp: true, imap: false }, withoutMechanisms: [] },
  /** LOGIN rather than AUTH PLAIN. */
  mailplug: { policy: { pop3Smtp: true, imap: true }, withoutMechanisms: ['PLAIN'] },
  /** POP3 and IMAP without TLS. */
  ecount: { policy: { pop3Smtp: true, imap: true }, withoutMechanisms: [] },
  /** POP3 only. */
  whois: { policy: { pop3Smtp: true, imap: false }, withoutMechanisms: [] },
} as const satisfies Readonly<Record<string, ProviderProfile>>;

export type ProviderName = keyof typeof PROVIDER_PROFILES;

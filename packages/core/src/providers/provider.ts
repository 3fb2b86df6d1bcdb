/** A server of a provider. */
export interface ProviderServer {
  readonly host: string;
  readonly port: number;
  /** `plain`: the provider offers no TLS there, so reaching it takes `allowInsecure` (SPEC P12). */
  readonly security: 'tls' | 'starttls' | 'plain';
}

/** A text in both languages. */
export interface BothLanguages {
  readonly en: string;
  readonly ko: string;
}

/** What is known of a mail provider beforehand. None of it was checked live. */
export interface Provider {
  /** For `--provider`; permanent. */
  readonly id: string;
  readonly name: BothLanguages;
  /** Domains of addresses that are its own. Most Korean hosters serve their customers' domains, which tell nothing. */
  readonly domains: readonly string[];
  readonly pop3: ProviderServer | null;
  readonly imap: ProviderServer | null;
  readonly smtp: ProviderServer | null;
  /** Other servers of its: which one an account has is told in its settings. */
  readonly otherHosts?: readonly string[];
  /** The IMAP host that shows a backup more than `imap` does; at the same port. */
  readonly backupImapHost?: string;
  readonly userName: 'address' | 'local-part';
  /** RFC 5092 and RFC 2384 suffix of the URL's user, where the automatic choice fails. */
  readonly loginMethod?: 'LOGIN';
  readonly secret: 'password' | 'mail-password' | 'app-password' | 'oauth2' | 'app-password-or-oauth2';
  /** How POP3 and IMAP are switched on, and what else an account needs (SPEC M8). */
  readonly advice: BothLanguages;
  /** Published guides that say so; empty where only SPEC's table does. */
  readonly sources: readonly string[];
}

import { MailferryError } from '../errors.ts';
import type { Credential } from '../net/credential.ts';
import { checkConnections } from '../net/imap/connection-pool.ts';
import { parseImapUrl } from '../net/imap/imap-address.ts';
import { readTrust } from '../net/trust.ts';
import { openFiles } from './files/open-files.ts';
import { ImapSource } from './imap/imap-source.ts';
import type { MailSource } from './mail-source.ts';
import { MboxSource } from './mbox/mbox-source.ts';
import { parsePop3Url } from './pop3/pop3-address.ts';
import { Pop3Source } from './pop3/pop3-source.ts';

export interface SourceAddress {
  /**
   * `imaps://user@host[:port]`, or `imap://…` for STARTTLS; `pop3s://…`, `pop3://…` likewise; never with a password.
   * `mbox:PATH`, `maildir:PATH`, `eml:PATH` (a folder) or `zip:PATH` for files.
   */
  readonly url: string;
  /** For servers. */
  readonly credential?: Credential;
  /** The name to log in with where it isn't the URL's user: a master user's, as the server wants it (`kim*admin`). IMAP and POP3. */
  readonly logInAs?: string;
  /** `imap://` and `pop3://` go without TLS, password and all (SPEC P12). Default false. */
  readonly allowInsecure?: boolean;
  /** PEM file of a private authority to trust besides the usual ones. */
  readonly caFile?: string;
  /** SHA-256 of the server's certificate, 64 hex digits, with or without colons: that one is accepted, and no other. */
  readonly fingerprint?: string;
  /** IMAP only: COMPRESS (RFC 4978) where the server offers it. Costs time on a fast link, saves it below some 10 MB/s. Default false. */
  readonly compress?: boolean;
  /** IMAP only: 1 to 16, default 2. */
  readonly connections?: number;
  /** Longest silence of the server while it is waited for. Default 60,000. */
  readonly stallMs?: number;
  /** A message that is announced bigger goes through in pieces, never whole in memory. Default 4 MiB. */
  readonly streamAboveBytes?: number;
  /** Overrules what an mbox file looks like. */
  readonly mboxFormat?: 'mboxo' | 'mboxrd' | 'mboxcl' | 'mboxcl2';
}

const DEFAULT_CONNECTIONS = 2;
const DEFAULT_STALL_MS = 60_000;
const MIB = 1024 * 1024;

const requireCredential = ({ credential }: SourceAddress): Credential => {
  if (credential) return credential;
  throw new MailferryError('option-invalid', { option: 'credential', reason: 'a server asks for one' });
};

/** Makes the source that a URL names. Nothing connects yet. Errors: `option-invalid`, `source-missing`. */
export const openSource = (source: SourceAddress): MailSource => {
  const scheme = /^([a-z0-9]+):/i.exec(source.url)?.[1]?.toLowerCase();
  if (scheme === 'pop3s' || scheme === 'pop3') return openPop3(source);
  if (scheme === 'mbox') return new MboxSource({ path: pathOf(source), format: source.mboxFormat ?? null, ...sizes(source) });
  if (scheme === 'maildir' || scheme === 'eml' || scheme === 'zip') return openFiles(scheme, { path: pathOf(source), ...sizes(source) });
  return openImap(source);
};

const openImap = (source: SourceAddress): MailSource =>
  new ImapSource({
    address: parseImapUrl(source.url),
    ...access(source),
    compress: source.compress ?? false,
    connections: checkConnections(source.connections ?? DEFAULT_CONNECTIONS),
    ...sizes(source),
    memoryLimitBytes: 64 * MIB,
  });

const openPop3 = (source: SourceAddress): MailSource =>
  new Pop3Source({ address: parsePop3Url(source.url), ...access(source), ...sizes(source) });

/** Everything behind the scheme, as it stands. */
const pathOf = ({ url }: SourceAddress): string => {
  const path = url.slice(url.indexOf(':') + 1);
  if (path !== '') return path;
  throw new MailferryError('option-invalid', { option: 'source', reason: 'the path is missing' });
};

/** How to get into a server. */
const access = (source: SourceAddress) => ({
  credential: requireCredential(source),
  logInAs: source.logInAs ?? null,
  allowInsecure: source.allowInsecure ?? false,
  trust: readTrust(source),
  stallMs: source.stallMs ?? DEFAULT_STALL_MS,
});

const sizes = ({ streamAboveBytes = 4 * MIB }: SourceAddress) => ({ streamAboveBytes, messageLimitBytes: 4096 * MIB - 1 });

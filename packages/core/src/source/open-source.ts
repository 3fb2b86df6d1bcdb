import { MailferryError } from '../errors.ts';
import { readAuthority } from '../net/read-authority.ts';
import { parseImapUrl } from './imap/imap-address.ts';
import { ImapSource } from './imap/imap-source.ts';
import type { MailSource } from './mail-source.ts';

export interface SourceAddress {
  /** `imaps://user@host[:port]`, or `imap://…` for STARTTLS; never with a password. */
  readonly url: string;
  readonly password: string;
  /** `imap://` goes without TLS, password and all (SPEC P12). Default false. */
  readonly allowInsecure?: boolean;
  /** PEM file of a private authority to trust besides the usual ones. */
  readonly caFile?: string;
  /** 1 to 16, default 2. */
  readonly connections?: number;
  /** Longest silence of the server while it is waited for. Default 60,000. */
  readonly stallMs?: number;
  /** A message that is announced bigger goes through in pieces, never whole in memory. Default 4 MiB. */
  readonly streamAboveBytes?: number;
}

const DEFAULT_CONNECTIONS = 2;
const MAX_CONNECTIONS = 16;
const DEFAULT_STALL_MS = 60_000;
const MIB = 1024 * 1024;

/** Makes the source that a URL names. Nothing connects yet. Errors: `option-invalid`. */
export const openSource = (source: SourceAddress): MailSource => {
  const connections = source.connections ?? DEFAULT_CONNECTIONS;
  if (!Number.isInteger(connections) || connections < 1 || connections > MAX_CONNECTIONS) {
    throw new MailferryError('option-invalid', { option: 'connections', reason: `it has to be 1 to ${MAX_CONNECTIONS}` });
  }
  return new ImapSource({
    address: parseImapUrl(source.url),
    password: source.password,
    allowInsecure: source.allowInsecure ?? false,
    ca: readAuthority(source.caFile),
    connections,
    stallMs: source.stallMs ?? DEFAULT_STALL_MS,
    streamAboveBytes: source.streamAboveBytes ?? 4 * MIB,
    memoryLimitBytes: 64 * MIB,
    messageLimitBytes: 4096 * MIB - 1,
  });
};

import type { Credential } from '../net/credential.ts';
import { checkConnections } from '../net/imap/connection-pool.ts';
import { parseImapUrl } from '../net/imap/imap-address.ts';
import { readAuthority } from '../net/read-authority.ts';
import { readTrust } from '../net/trust.ts';
import type { AddressBookTarget } from './address-book-target.ts';
import type { AppendTarget } from './append-target.ts';
import { ImapTarget } from './imap/imap-target.ts';
import { parsePlatformUrl } from './platform/platform-address.ts';
import { PlatformAddressBooks } from './platform/platform-address-books.ts';
import { PlatformSession } from './platform/platform-session.ts';
import { PlatformTarget } from './platform/platform-target.ts';
import type { UploadTarget } from './upload-target.ts';

export interface TargetAddress {
  /** `https://user@host[:port]`; `http://` on loopback or with `allowInsecure`; never with a password. */
  readonly url: string;
  readonly password: string;
  /** Gives the code of two-step verification, each time that the platform asks for one (SPEC M4). Without it such a log-in fails. */
  readonly oneTimeCode?: (signal: AbortSignal) => Promise<string>;
  /** Accept `http://` to another machine. Default false. */
  readonly allowInsecure?: boolean;
  /** PEM file of a private authority to trust besides the usual ones. */
  readonly caFile?: string;
  /** Longest silence of the server while it is waited for. Default 60,000. */
  readonly stallMs?: number;
}

/** An IMAP account to append to. */
export interface ImapTargetAddress {
  /** `imaps://user@host[:port]`, or `imap://…` for STARTTLS; never with a password. */
  readonly url: string;
  readonly credential: Credential;
  /** The name to log in with where it isn't the URL's user: a master user's, as the server wants it (`kim*admin`). */
  readonly logInAs?: string;
  /** `imap://` goes without TLS, password and all (SPEC P12). Default false. */
  readonly allowInsecure?: boolean;
  /** PEM file of a private authority to trust besides the usual ones. */
  readonly caFile?: string;
  /** SHA-256 of the server's certificate, 64 hex digits, with or without colons: that one is accepted, and no other. */
  readonly fingerprint?: string;
  /** 1 to 16, default 2. */
  readonly connections?: number;
  /** Longest silence of the server while it is waited for. Default 60,000. */
  readonly stallMs?: number;
}

const DEFAULT_CONNECTIONS = 2;
const DEFAULT_STALL_MS = 60_000;

const openSession = (target: TargetAddress): PlatformSession =>
  new PlatformSession({
    address: parsePlatformUrl(target.url, target.allowInsecure ?? false),
    password: target.password,
    oneTimeCode: target.oneTimeCode,
    ca: readAuthority(target.caFile),
    stallMs: target.stallMs ?? DEFAULT_STALL_MS,
  });

/** Makes the target that a URL names. Nothing connects yet. Errors: `option-invalid`. */
export const openTarget = (target: TargetAddress): UploadTarget => new PlatformTarget(openSession(target));

/** Makes the address books of the account that a URL names. Nothing connects yet. Errors: `option-invalid`. */
export const openAddressBooks = (target: TargetAddress): AddressBookTarget => new PlatformAddressBooks(openSession(target));

/** Makes the IMAP account that a URL names. Nothing connects yet. Errors: `option-invalid`. */
export const openImapTarget = (target: ImapTargetAddress): AppendTarget =>
  new ImapTarget({
    address: parseImapUrl(target.url),
    credential: target.credential,
    logInAs: target.logInAs ?? null,
    allowInsecure: target.allowInsecure ?? false,
    trust: readTrust(target),
    compress: false,
    connections: checkConnections(target.connections ?? DEFAULT_CONNECTIONS),
    stallMs: target.stallMs ?? DEFAULT_STALL_MS,
  });

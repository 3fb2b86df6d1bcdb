import tls, { type DetailedPeerCertificate, type TLSSocket } from 'node:tls';
import { MailferryError } from '../errors.ts';
import type { Endpoint } from './network-error.ts';
import { readAuthority } from './read-authority.ts';

/** Which server certificates are believed, beside those of the usual authorities. */
export interface Trust {
  /** PEM of a private authority; null for none. */
  readonly ca: string | null;
  /** SHA-256 of the one certificate that is accepted, 64 hex digits in lower case, whoever signed it; null for none. */
  readonly fingerprint: string | null;
}

export interface TrustOptions {
  /** PEM file of a private authority. */
  readonly caFile?: string;
  /** 64 hex digits, with or without colons. */
  readonly fingerprint?: string;
}

/** Errors: `option-invalid`. */
export const readTrust = ({ caFile, fingerprint }: TrustOptions): Trust => {
  const digits = fingerprint?.replaceAll(':', '').toLowerCase() ?? null;
  if (digits !== null && !/^[0-9a-f]{64}$/.test(digits))
    throw new MailferryError('option-invalid', { option: 'fingerprint', reason: 'it has to be a SHA-256, 64 hexadecimal digits' });
  return { ca: readAuthority(caFile), fingerprint: digits };
};

/** The SHA-256 of a certificate as `Trust` writes it. */
const fingerprintOf = (certificate: DetailedPeerCertificate): string => certificate.fingerprint256.replaceAll(':', '').toLowerCase();

/** Null when the peer of a finished handshake shows the pinned certificate; else the `tls-refused` to end with. */
export const checkFingerprint = (socket: TLSSocket, fingerprint: string, { host, port }: Endpoint): MailferryError | null => {
  const found = fingerprintOf(socket.getPeerCertificate(true));
  if (found === fingerprint) return null;
  return new MailferryError('tls-refused', { host, port, reason: `its certificate is ${found}, not the pinned ${fingerprint}` });
};

/** Authorities for `tls.connect`: the usual ones and the private one; nothing where there is none. */
export const authorities = ({ ca }: Trust): { ca?: string[] } => {
  if (ca === null) return {};
  // With those of NODE_EXTRA_CA_CERTS, where this Node can tell (from 22.15).
  const usual = typeof tls.getCACertificates === 'function' ? tls.getCACertificates('default') : tls.rootCertificates;
  return { ca: [...usual, ca] };
};

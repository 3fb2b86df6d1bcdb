import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { MailferryError } from '../errors.ts';
import type { ChainSignature } from '../formats/chain.ts';

/** An Ed25519 key pair as PEM: PKCS #8 and SPKI (RFC 8410), as OpenSSL reads them. */
export const newSigningKey = (): { readonly privateKey: string; readonly publicKey: string } =>
  generateKeyPairSync('ed25519', {
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });

/** Bytes before the 32 of the key in its SPKI form (RFC 8410 §4). */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

const rawOf = (key: KeyObject): Buffer => key.export({ type: 'spki', format: 'der' }).subarray(SPKI_PREFIX.length);

/** Signs chains. */
export interface Signer {
  /** The 32 bytes of the public key in base64. */
  readonly publicKey: string;
  sign(text: string): ChainSignature;
}

const readKey = async (path: string, read: (pem: string) => KeyObject): Promise<KeyObject> => {
  try {
    const key = read(await readFile(path, 'utf8'));
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch (cause) {
    throw new MailferryError('key-unreadable', { path }, { cause });
  }
  throw new MailferryError('key-unreadable', { path });
};

/** Errors: `key-unreadable`. */
export const openSigner = async (path: string): Promise<Signer> => {
  const key = await readKey(path, createPrivateKey);
  const publicKey = rawOf(createPublicKey(key)).toString('base64');
  return { publicKey, sign: (text) => ({ publicKey, signature: sign(null, Buffer.from(text), key).toString('base64') }) };
};

/** The 32 bytes in base64, from a PEM file with the public key, or the private one. Errors: `key-unreadable`. */
export const readPublicKey = async (path: string): Promise<string> => rawOf(await readKey(path, createPublicKey)).toString('base64');

/** How people compare keys: `SHA256:` and the hash of the 32 bytes in base64. */
export const keyFingerprint = (publicKey: string): string =>
  `SHA256:${createHash('sha256').update(Buffer.from(publicKey, 'base64')).digest('base64').replace(/=+$/, '')}`;

/** True when the signature is over this text, by the key that it names. */
export const isSignedBy = (text: string, { publicKey, signature }: ChainSignature): boolean => {
  const raw = Buffer.from(publicKey, 'base64');
  if (raw.length !== 32) return false;
  const key = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, raw]), format: 'der', type: 'spki' });
  return verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64'));
};

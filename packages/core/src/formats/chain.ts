import { z } from 'zod';
import { MailferryError } from '../errors.ts';
import { encodeLines, readJsonLines } from './json-lines.ts';

/** Goes up when a program that knows the earlier form could misread the new one. */
const CHAIN_FORMAT = 1;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const fileName = z.string().regex(/^[^/\\\0]+$/);
const count = z.int().nonnegative();

const chainRecord = z.object({ kind: z.literal('chain'), format: z.literal(CHAIN_FORMAT), parts: count, messages: count });

const linkRecord = z.object({
  kind: z.literal('link'),
  part: fileName,
  sizeBytes: count,
  sha256,
  messages: count,
  merkleRoot: sha256,
  manifest: fileName,
  manifestSha256: sha256,
  linkSha256: sha256,
});

const listingRecord = z.object({ kind: z.literal('listing'), file: fileName, sha256 });

const signatureRecord = z.object({
  kind: z.literal('signature'),
  algorithm: z.literal('Ed25519'),
  publicKey: z.base64(),
  signature: z.base64(),
});

const record = z.discriminatedUnion('kind', [chainRecord, linkRecord, listingRecord, signatureRecord]);

/** A sealed part with its manifest, as they lie on the disk. */
export type ChainLink = Omit<z.infer<typeof linkRecord>, 'kind'>;
type ListingFile = Omit<z.infer<typeof listingRecord>, 'kind'>;

export interface Chain {
  /** In the order in which the parts were sealed. */
  readonly links: readonly ChainLink[];
  /** Null before the first run that read the whole source. */
  readonly listing: ListingFile | null;
}

/** Who signed a chain. Both in base64: 32 bytes of the public key, 64 of the signature. */
export type ChainSignature = Omit<z.infer<typeof signatureRecord>, 'kind' | 'algorithm'>;

/** What is signed: all lines before the signature's own. */
export const encodeChain = ({ links, listing }: Chain): string => {
  const messages = links.reduce((sum, link) => sum + link.messages, 0);
  const records = [
    { kind: 'chain', format: CHAIN_FORMAT, parts: links.length, messages },
    ...links.map(({ part, sizeBytes, sha256, messages, merkleRoot, manifest, manifestSha256, linkSha256 }) => ({
      ...{ kind: 'link', part, sizeBytes, sha256, messages, merkleRoot, manifest, manifestSha256, linkSha256 },
    })),
    ...(listing ? [{ kind: 'listing', file: listing.file, sha256: listing.sha256 }] : []),
  ];
  return [...encodeLines(records)].join('');
};

/** The last line of a signed chain. */
export const encodeSignature = ({ publicKey, signature }: ChainSignature): string =>
  [...encodeLines([{ kind: 'signature', algorithm: 'Ed25519', publicKey, signature }])].join('');

export interface SignedChain extends Chain {
  /** The lines that the signature is over. */
  readonly signed: string;
  readonly signature: ChainSignature | null;
}

/** Reads a chain with its signature, which isn't checked. Errors: `manifest-invalid`. */
export const readChain = async (path: string): Promise<SignedChain> => {
  const links: ChainLink[] = [];
  let head: z.infer<typeof chainRecord> | null = null;
  let listing: ListingFile | null = null;
  let signature: ChainSignature | null = null;
  let signed = '';
  let lineNumber = 0;
  const invalid = (reason: string) => new MailferryError('manifest-invalid', { path, line: lineNumber, reason });
  for await (const { line, record: one } of readJsonLines({ path }, record)) {
    lineNumber += 1;
    if ((one.kind === 'chain') !== (lineNumber === 1)) throw invalid('the first line, and no other, is the chain');
    if (signature) throw invalid('something stands behind the signature');
    if (one.kind === 'signature') signature = one;
    else signed += `${line}\n`;
    if (one.kind === 'chain') head = one;
    if (one.kind === 'link') links.push(one);
    if (one.kind === 'listing') listing = one;
  }
  if (!head || head.parts !== links.length) throw invalid('it is cut off, or has parts too many');
  return { links, listing, signed, signature };
};

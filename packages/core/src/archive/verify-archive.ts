import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isMailferryError, type MailferryError } from '../errors.ts';
import type { ChainLink, ChainSignature, SignedChain } from '../formats/chain.ts';
import { CHAIN_FILE, readChainFile } from './chain-file.ts';
import { CHECKSUMS_FILE, type Checksums, readChecksums } from './checksums.ts';
import type { Damage, DamageCode } from './damage.ts';
import { hashFile } from './hash-file.ts';
import { isSignedBy } from './signing-key.ts';
import { type PartChecks, verifyPart } from './verify-part.ts';
import { manifestNameOf } from './zip/seal-part.ts';
import { WorkThreads } from './zip/work-threads.ts';

export interface VerifyArchiveOptions {
  /** age identities. Without one that opens it, only the encrypted files of an archive are held against its chain. */
  readonly identities: readonly string[];
  /** The key that has to have signed the chain (32 bytes in base64); null for any, or none. */
  readonly publicKey: string | null;
  /** A head that the archive had once (`ArchiveVerdict.head`) and has to go on from; null for none. */
  readonly head: string | null;
  /** Once, with the bytes that all parts have together. */
  readonly onBegin: (bytesTotal: number) => void;
  /** After each entry, with the bytes that it takes in its part. */
  readonly onEntry: (part: string, bytes: number) => void;
  readonly signal: AbortSignal;
}

export interface ArchiveVerdict {
  readonly partCount: number;
  readonly entryCount: number;
  /** Of all parts that are there. */
  readonly sizeBytes: number;
  /** What the last manifest's SHA-256 is, which stands for the whole chain; null for an archive without a part. */
  readonly head: string | null;
  /** The public key that signed the chain, in base64; null for none, or a signature that is not by it. */
  readonly signedBy: string | null;
  /** False for an encrypted archive that was not opened: its messages were not looked at. */
  readonly isOpened: boolean;
  /** Empty when every byte is as it was sealed. */
  readonly damages: readonly Damage[];
}

/** Less than that is checked before a thread has started. */
const THREADS_FROM_BYTES = 1024 * 1024;
const SEALED_PART = /^part-\d+\.zip(\.age)?$/;
const MANIFEST = /^(part-\d+)\.manifest\.jsonl(\.age)?$/;

/**
 * Holds every sealed part against its manifest and the chain, reading each file once. Never repairs.
 * Errors: `archive-missing`, `cancelled`.
 */
export const verifyArchive = async (directory: string, options: VerifyArchiveOptions): Promise<ArchiveVerdict> => {
  const damages: Damage[] = [];
  const find = (part: string, code: DamageCode, detail: string): number => damages.push({ part, entryName: null, code, detail });
  const { chain, checksums } = await readIndex(directory, find);
  const names = await readdir(directory);
  const links = chain?.links ?? linksOf(checksums);
  const present = names.filter((name) => SEALED_PART.test(name));
  const sizes = await Promise.all(present.map(async (name) => (await stat(join(directory, name))).size));
  const sizeBytes = sizes.reduce((sum, size) => sum + size, 0);
  options.onBegin(sizeBytes);
  const signedBy = chain ? checkSignature(chain, options.publicKey, find) : null;
  if (options.head !== null && !links.some(({ linkSha256 }) => linkSha256 === options.head))
    find(CHAIN_FILE, 'head-missing', `no part of it has ${options.head}`);
  findUnlisted(names, links, find);
  if (chain) await checkListing(directory, chain, find);
  const parts = await verifyParts(directory, links, sizeBytes, options);
  damages.push(...parts.damages);
  const { entryCount, isOpened } = parts;
  return { partCount: links.length, entryCount, sizeBytes, head: links.at(-1)?.linkSha256 ?? null, signedBy, isOpened, damages };
};

type Find = (part: string, code: DamageCode, detail: string) => void;

/** A part as the chain has it, or as much as checksums alone tell. */
type KnownLink = PartChecks['link'];

/** Chain and checksums, as far as they can be read. Errors: `archive-missing` without either. */
const readIndex = async (directory: string, find: Find): Promise<{ chain: SignedChain | null; checksums: Checksums }> => {
  const unless = async <Result>(reading: Promise<Result>, note: (error: MailferryError) => void): Promise<Result | null> => {
    try {
      return await reading;
    } catch (error) {
      if (!isMailferryError(error, 'manifest-invalid', 'checksums-invalid', 'archive-missing')) throw error;
      note(error);
      return null;
    }
  };
  let missing: MailferryError | undefined;
  const chain = await unless(readChainFile(directory), (error) => {
    missing = error;
    find(CHAIN_FILE, error.code === 'archive-missing' ? 'chain-missing' : 'chain-invalid', error.message);
  });
  const checksums = await unless(readChecksums(directory), (error) => {
    if (missing?.code === 'archive-missing' && error.code === 'archive-missing') throw error;
    find(CHECKSUMS_FILE, 'checksums-differ', error.message);
  });
  if (chain && checksums) compareChecksums(chain, checksums, find);
  return { chain, checksums: checksums ?? new Map() };
};

const compareChecksums = ({ links, listing }: SignedChain, checksums: Checksums, find: Find): void => {
  const expected = new Map(links.flatMap((link) => [[link.part, link.sha256] as const, [link.manifest, link.manifestSha256] as const]));
  if (listing) expected.set(listing.file, listing.sha256);
  for (const name of new Set([...expected.keys(), ...checksums.keys()]))
    if (expected.get(name) !== checksums.get(name)) find(CHECKSUMS_FILE, 'checksums-differ', `${name} is another in the chain`);
};

/** What the checksums say of parts where there is no chain. A manifest without its part counts too. */
const linksOf = (checksums: Checksums): KnownLink[] => {
  const names = [...checksums.keys()].map((name) => name.replace(MANIFEST, '$1.zip$2')).filter((name) => SEALED_PART.test(name));
  return [...new Set(names)].toSorted().map((part) => {
    const manifest = manifestNameOf(part.replace(/\.age$/, '')) + (part.endsWith('.age') ? '.age' : '');
    return { part, sha256: checksums.get(part) ?? null, manifest, manifestSha256: checksums.get(manifest) ?? null };
  });
};

/** Gives back who signed it. */
const checkSignature = ({ signed, signature }: SignedChain, publicKey: string | null, find: Find): string | null => {
  if (!signature) {
    if (publicKey !== null) find(CHAIN_FILE, 'signature-missing', 'the chain is not signed');
    return null;
  }
  if (!isSound(signed, signature)) {
    find(CHAIN_FILE, 'signature-invalid', `it is not a signature of this chain by ${signature.publicKey}`);
    return null;
  }
  if (publicKey !== null && signature.publicKey !== publicKey)
    find(CHAIN_FILE, 'signature-foreign', `it is signed by ${signature.publicKey}`);
  return signature.publicKey;
};

const isSound = (signed: string, signature: ChainSignature): boolean => {
  try {
    return isSignedBy(signed, signature);
  } catch {
    return false;
  }
};

const findUnlisted = (names: readonly string[], links: readonly KnownLink[], find: Find): void => {
  const listed = new Set(links.flatMap(({ part, manifest }) => [part, manifest]));
  for (const name of names) if ((SEALED_PART.test(name) || MANIFEST.test(name)) && !listed.has(name)) find(name, 'part-unlisted', name);
};

const checkListing = async (directory: string, { listing }: SignedChain, find: Find): Promise<void> => {
  if (!listing) return;
  const sha256 = await hashFile(join(directory, listing.file)).catch(() => null);
  if (sha256 === null) find(listing.file, 'listing-missing', listing.file);
  else if (sha256 !== listing.sha256) find(listing.file, 'listing-checksum', `SHA-256 is ${sha256}`);
};

const verifyParts = async (directory: string, links: readonly KnownLink[], sizeBytes: number, options: VerifyArchiveOptions) => {
  const damages: Damage[] = [];
  const threads = new WorkThreads();
  if (sizeBytes > THREADS_FROM_BYTES) threads.start();
  let entryCount = 0;
  let isOpened = true;
  let previous: ChainLink['linkSha256'] | null = null;
  try {
    for (const link of links) {
      const verdict = await verifyPart({ ...options, directory, link, previous, threads });
      damages.push(...verdict.damages);
      entryCount += verdict.entryCount;
      isOpened &&= verdict.isOpened;
      previous = link.linkSha256 ?? null;
    }
  } finally {
    await threads.close();
  }
  return { damages, entryCount, isOpened };
};

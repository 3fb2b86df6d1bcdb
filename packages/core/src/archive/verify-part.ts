import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isMailferryError, throwIfCancelled } from '../errors.ts';
import type { ChainLink } from '../formats/chain.ts';
import { type MessageRecord, type PartRecord, readManifestLines } from '../formats/manifest.ts';
import { MerkleTree } from '../formats/merkle-tree.ts';
import { AGE_SUFFIX, decrypting } from './age.ts';
import type { Damage, DamageCode } from './damage.ts';
import { hashFile } from './hash-file.ts';
import { type CheckOptions, checkPart, checkPartStream, type ExpectedEntry, type PartCheck } from './zip/check-part.ts';
import { blocksOf } from './zip/front-to-back.ts';
import { type DirectoryEntry, readDirectory } from './zip/read-directory.ts';
import type { WorkThreads } from './zip/work-threads.ts';

export interface PartChecks {
  readonly directory: string;
  /** What the chain says of the part; only names and checksums where there is no chain. */
  readonly link: Pick<ChainLink, 'part' | 'manifest'> &
    Partial<Pick<ChainLink, 'linkSha256' | 'merkleRoot'>> & { readonly sha256: string | null; readonly manifestSha256: string | null };
  /** `linkSha256` of the part before it; null for the first. */
  readonly previous: string | null;
  readonly identities: readonly string[];
  readonly threads: WorkThreads;
  readonly onEntry: (part: string, bytes: number) => void;
  readonly signal: AbortSignal;
}

export interface PartVerdict {
  /** Entries that were looked at. */
  readonly entryCount: number;
  readonly isOpened: boolean;
  readonly damages: readonly Damage[];
}

/** Holds a part against its manifest, and both against the chain, reading each file once. Errors: `cancelled`. */
export const verifyPart = async (checks: PartChecks): Promise<PartVerdict> => new PartVerifier(checks).run();

/** A manifest that was read to its end. */
interface Manifest {
  readonly messages: ReadonlyMap<string, MessageRecord>;
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The same blocks, hashed on the way. */
class Hashed {
  readonly #hash = createHash('sha256');
  readonly #content: AsyncIterable<Uint8Array>;

  constructor(content: AsyncIterable<Uint8Array>) {
    this.#content = content;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    for await (const block of this.#content) {
      this.#hash.update(block);
      yield block;
    }
  }

  /** Once all blocks were taken. */
  digest(): string {
    return this.#hash.digest('hex');
  }
}

class PartVerifier {
  readonly #checks: PartChecks;
  readonly #damages: Damage[] = [];
  readonly #isEncrypted: boolean;

  constructor(checks: PartChecks) {
    this.#checks = checks;
    this.#isEncrypted = checks.link.part.endsWith(AGE_SUFFIX);
  }

  async run(): Promise<PartVerdict> {
    const { directory, link, identities } = this.#checks;
    const isOpened = !this.#isEncrypted || identities.length > 0;
    const manifest = isOpened ? await this.#readManifest() : await this.#hashOnly(link.manifest, link.manifestSha256, 'manifest');
    const path = join(directory, link.part);
    if (!(await stat(path).catch(() => null))) {
      this.#find(null, 'part-missing', path);
      return { entryCount: 0, isOpened, damages: this.#damages };
    }
    if (!isOpened) await this.#hashOnly(link.part, link.sha256, 'part');
    const entryCount = isOpened ? await this.#readPart(path, manifest) : 0;
    return { entryCount, isOpened, damages: this.#damages };
  }

  /** Holds an encrypted file that can't be opened against the chain. */
  async #hashOnly(name: string, expected: string | null, what: 'part' | 'manifest'): Promise<null> {
    try {
      const sha256 = await hashFile(join(this.#checks.directory, name), this.#checks.signal);
      if (sha256 !== expected) this.#find(null, `${what}-checksum`, `SHA-256 of ${name} is ${sha256}`);
      if (what === 'part') this.#checks.onEntry(name, (await stat(join(this.#checks.directory, name))).size);
    } catch (error) {
      throwIfCancelled(this.#checks.signal);
      this.#find(null, `${what}-missing`, reasonOf(error));
    }
    return null;
  }

  async #readPart(path: string, manifest: Manifest | null): Promise<number> {
    try {
      return await (this.#isEncrypted ? this.#checkEncrypted(path, manifest) : this.#checkPlain(path, manifest));
    } catch (error) {
      const { link } = this.#checks;
      await this.#throwIfNoDamage(error, path, link.sha256);
      this.#find(null, 'part-checksum', `it can't be read: ${reasonOf(error)}`);
      return 0;
    }
  }

  async #checkPlain(path: string, manifest: Manifest | null): Promise<number> {
    const entries = await this.#readEntries(path, manifest);
    const check = await checkPart(path, entries ?? [], this.#checkOptions());
    if (entries) this.#take(check);
    if (check.sha256 !== this.#checks.link.sha256) this.#find(null, 'part-checksum', `SHA-256 is ${check.sha256}`);
    return entries?.length ?? 0;
  }

  async #checkEncrypted(path: string, manifest: Manifest | null): Promise<number> {
    const file = new Hashed(blocksOf(path));
    const content = decrypting(file, path, this.#checks.identities);
    const expected = [...(manifest?.messages.values() ?? [])];
    const check = await checkPartStream(content, expected, this.#checkOptions());
    if (manifest) this.#take(check);
    const sha256 = file.digest();
    if (sha256 !== this.#checks.link.sha256) this.#find(null, 'part-checksum', `SHA-256 is ${sha256}`);
    return expected.length;
  }

  /** An identity that doesn't open a file as it was sealed is the wrong one. */
  async #throwIfNoDamage(error: unknown, path: string, expected: string | null): Promise<void> {
    if (isMailferryError(error, 'cancelled', 'internal')) throw error;
    if (isMailferryError(error, 'identity-missing') && (await hashFile(path).catch(() => null)) === expected) throw error;
  }

  #checkOptions(): CheckOptions {
    const { link, onEntry, threads, signal } = this.#checks;
    return { onEntry: (entry) => onEntry(link.part, entry.compressedBytes), threads, signal };
  }

  #take({ findings }: PartCheck): void {
    for (const { entryName, code, detail } of findings) this.#find(entryName, code, detail);
  }

  /** The manifest's messages by entry name; null, and a note of why, where it can't be read to its end. */
  async #readManifest(): Promise<Manifest | null> {
    const { directory, link, identities } = this.#checks;
    const path = join(directory, link.manifest);
    if (!(await stat(path).catch(() => null))) {
      this.#find(null, 'manifest-missing', path);
      return null;
    }
    const file = new Hashed(blocksOf(path));
    const content = new Hashed(this.#isEncrypted ? decrypting(file, path, identities) : file);
    const tree = new MerkleTree();
    const messages = new Map<string, MessageRecord>();
    let head: PartRecord | null = null;
    try {
      for await (const { line, record } of readManifestLines({ path, content })) {
        if (record.kind === 'part') head ??= record;
        if (record.kind !== 'message') continue;
        tree.add(line);
        messages.set(record.name, record);
      }
    } catch (error) {
      await this.#throwIfNoDamage(error, path, link.manifestSha256);
      const sha256 = await hashFile(path).catch(reasonOf);
      if (sha256 !== link.manifestSha256) this.#find(null, 'manifest-checksum', `SHA-256 of ${link.manifest} is ${sha256}`);
      this.#find(null, 'manifest-invalid', reasonOf(error));
      return null;
    }
    this.#checkManifest(head, { file: file.digest(), content: content.digest(), root: tree.root(), count: messages.size });
    return { messages };
  }

  #checkManifest(head: PartRecord | null, found: { file: string; content: string; root: string; count: number }): void {
    const { link, previous } = this.#checks;
    if (found.file !== link.manifestSha256) this.#find(null, 'manifest-checksum', `SHA-256 of ${link.manifest} is ${found.file}`);
    if (!head) {
      this.#find(null, 'manifest-invalid', 'it does not say which part it is of');
      return;
    }
    if (head.merkleRoot !== found.root || head.entries !== found.count)
      this.#find(null, 'merkle-root', `its ${found.count} messages give ${found.root}`);
    // Without a chain there is nothing to hold the links against.
    if (link.linkSha256 === undefined) return;
    const isOther =
      head.part !== link.part.replace(/\.age$/, '') || found.content !== link.linkSha256 || head.merkleRoot !== link.merkleRoot;
    if (isOther && found.file === link.manifestSha256) this.#find(null, 'chain-broken', 'the chain has another manifest in this place');
    if (head.previous !== previous)
      this.#find(null, 'chain-broken', `it goes on from ${head.previous ?? 'nothing'}, not from ${previous ?? 'nothing'}`);
  }

  /** The part's entries with the hashes that the manifest has for them, as far as there is one; null where the directory can't be read. */
  async #readEntries(path: string, manifest: Manifest | null): Promise<ExpectedEntry[] | null> {
    let listed: DirectoryEntry[];
    try {
      listed = await readDirectory(path);
    } catch (error) {
      this.#find(null, 'directory-invalid', reasonOf(error));
      return null;
    }
    if (!manifest) return listed.map((entry) => ({ ...entry, sha256: null }));
    const missing = new Set(manifest.messages.keys());
    const entries = listed.map((entry): ExpectedEntry => {
      const record = manifest.messages.get(entry.name);
      if (!missing.delete(entry.name)) this.#find(entry.name, 'entry-foreign', 'the manifest knows nothing of it');
      return { ...entry, sizeBytes: record?.sizeBytes ?? entry.sizeBytes, sha256: record?.sha256 ?? null };
    });
    for (const name of missing) this.#find(name, 'entry-missing', 'the manifest has it, the part does not');
    this.#checkOrder(listed, manifest, missing);
    return entries;
  }

  #checkOrder(listed: readonly DirectoryEntry[], { messages }: Manifest, missing: ReadonlySet<string>): void {
    const names = [...messages.keys()].filter((name) => !missing.has(name));
    const known = listed.filter(({ name }) => messages.has(name));
    const at = known.findIndex(({ name }, i) => name !== names[i]);
    if (at >= 0 && known[at]) this.#find(known[at].name, 'entry-order', `the manifest has ${names[at] ?? 'nothing'} in its place`);
  }

  #find(entryName: string | null, code: DamageCode, detail: string): void {
    this.#damages.push({ part: this.#checks.link.part, entryName, code, detail });
  }
}

import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AGE_SUFFIX, encrypting } from '../archive/age.ts';
import { CHAIN_FILE } from '../archive/chain-file.ts';
import { writeChecksums } from '../archive/checksums.ts';
import type { Disk } from '../archive/disk.ts';
import type { Signer } from '../archive/signing-key.ts';
import { type ChainLink, encodeChain, encodeSignature } from '../formats/chain.ts';
import { encodeListing } from '../formats/listing.ts';
import type { Ledger } from '../ledger/ledger.ts';

export interface ArchiveIndexOptions {
  readonly directory: string;
  readonly disk: Disk;
  readonly ledger: Ledger;
  /** Null leaves the chain unsigned. */
  readonly signer: Signer | null;
  /** The age recipients that files are encrypted for; none for an archive in the clear. */
  readonly recipients: readonly string[];
}

const LISTING = /^listing-\d+\.jsonl(\.age)?(\.new)?$/;

async function* bytesOf(lines: Iterable<string>): AsyncGenerator<Uint8Array> {
  for (const line of lines) yield Buffer.from(line);
}

/**
 * What an archive says of itself as a whole: the chain of its parts, the checksums of its files, and what the source listed last.
 * Written from the ledger, after it: none of them names a part that the ledger takes for open.
 */
export class ArchiveIndex {
  readonly #options: ArchiveIndexOptions;

  constructor(options: ArchiveIndexOptions) {
    this.#options = options;
  }

  /** Brings chain and checksums up to the ledger. The same ones again change nothing. */
  async write(): Promise<void> {
    const { ledger, disk, directory } = this.#options;
    const parts = ledger.parts.inSealOrder();
    const latest = ledger.listings.latest();
    if (parts.length === 0 && !latest) return;
    const links = parts.map(
      ({
        fileName: part,
        sizeBytes,
        sha256,
        entryCount: messages,
        merkleRoot,
        manifestName: manifest,
        manifestSha256,
        linkSha256,
      }): ChainLink => ({
        ...{ part, sizeBytes, sha256, messages, merkleRoot, manifest, manifestSha256, linkSha256 },
      }),
    );
    const listing = latest && { file: latest.fileName, sha256: latest.fileSha256 };
    await this.#writeChain(encodeChain({ links, listing }));
    const files = links.flatMap((link) => [[link.part, link.sha256] as const, [link.manifest, link.manifestSha256] as const]);
    await writeChecksums(disk, directory, new Map([...files, ...(listing ? [[listing.file, listing.sha256] as const] : [])]));
  }

  /** Puts down what the source listed last (SPEC M2), where it is not what was put down before. */
  async writeListing(source: string): Promise<void> {
    const { ledger, disk, directory, recipients } = this.#options;
    const latest = ledger.listings.latest();
    const hash = createHash('sha256');
    for (const line of this.#listing(source)) hash.update(line);
    const contentSha256 = hash.digest('hex');
    if (latest?.contentSha256 === contentSha256) return;
    const number = (latest?.number ?? 0) + 1;
    const name = `listing-${String(number).padStart(4, '0')}.jsonl`;
    const fileName = recipients.length > 0 ? `${name}${AGE_SUFFIX}` : name;
    const lines = this.#listing(source);
    const content = recipients.length > 0 ? encrypting(bytesOf(lines), recipients) : lines;
    const { sha256: fileSha256 } = await disk.replace(join(directory, fileName), content);
    ledger.listings.record({ number, contentSha256, fileName, fileSha256 });
    await this.write();
    await this.#removeOld(fileName);
  }

  #listing(source: string): Iterable<string> {
    const { mailboxes, messages } = this.#options.ledger;
    return encodeListing({ source, mailboxes: mailboxes.all(), vanished: messages.vanished() });
  }

  async #writeChain(chain: string): Promise<void> {
    const { disk, directory, signer } = this.#options;
    const path = join(directory, CHAIN_FILE);
    const text = signer ? chain + encodeSignature(signer.sign(chain)) : chain;
    const present = await readFile(path, 'utf8').catch(() => null);
    if (present !== text) await disk.replace(path, [text]);
  }

  /** Listings that the chain doesn't name any more, or never did. */
  async #removeOld(current: string): Promise<void> {
    const { disk, directory } = this.#options;
    for (const name of await readdir(directory)) if (LISTING.test(name) && name !== current) await disk.remove(join(directory, name));
  }
}

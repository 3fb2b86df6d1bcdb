import { hash } from 'node:crypto';

const LEAF = Buffer.of(0);
const NODE = Buffer.of(1);

const sha256 = (...pieces: readonly Uint8Array[]): Buffer => hash('sha256', Buffer.concat(pieces), 'buffer');

/** The hash of a whole subtree, which stands over 2 ** level leaves. */
interface Subtree {
  readonly level: number;
  readonly hash: Buffer;
}

/** The Merkle Tree Hash of RFC 9162 §2.1.1 over leaves that come one by one, in logarithmic memory. */
export class MerkleTree {
  /** Whole subtrees from left to right, each higher than the next. */
  readonly #subtrees: Subtree[] = [];

  /** The next leaf; a text counts by its UTF-8 bytes. */
  add(leaf: string): void {
    let added: Subtree = { level: 0, hash: sha256(LEAF, Buffer.from(leaf)) };
    for (let last = this.#subtrees.at(-1); last?.level === added.level; last = this.#subtrees.at(-1)) {
      this.#subtrees.pop();
      added = { level: added.level + 1, hash: sha256(NODE, last.hash, added.hash) };
    }
    this.#subtrees.push(added);
  }

  /** Lower-case hex. Of no leaves: the hash of nothing. */
  root(): string {
    const root = this.#subtrees.reduceRight<Buffer | null>((right, { hash: left }) => (right ? sha256(NODE, left, right) : left), null);
    return (root ?? sha256()).toString('hex');
  }
}

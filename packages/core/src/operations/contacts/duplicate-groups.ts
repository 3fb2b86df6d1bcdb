import type { Contact } from '../../contacts/contact.ts';
import { displayName } from '../../contacts/display-name.ts';

/** What makes two contacts one: an e-mail address that both have, the same name, or both of these. */
export const DUPLICATE_RULES = ['email', 'name', 'email-and-name'] as const;
export type DuplicateRule = (typeof DUPLICATE_RULES)[number];

/** Keys that contacts of one person share; none where the contact lacks what the rule asks for. */
export const duplicateKeys = (contact: Contact, rule: DuplicateRule): string[] => {
  const name = displayName(contact).replace(/\s+/g, '').toLowerCase().normalize('NFC');
  if (rule === 'name') return name === '' ? [] : [name];
  const addresses = contact.emails.map(({ address }) => address.trim().toLowerCase()).filter((address) => address !== '');
  if (rule === 'email') return addresses;
  return name === '' ? [] : addresses.map((address) => `${address}\0${name}`);
};

/** Sorts contacts into groups of those that share a key, with each other or by way of a third. Contacts are counted from 0. */
export class DuplicateGroups {
  readonly #firsts = new Map<string, number>();
  readonly #parents: number[] = [];

  /** Takes the next contact. */
  add(keys: readonly string[]): void {
    const index = this.#parents.length;
    this.#parents.push(index);
    for (const key of keys) {
      const first = this.#firsts.get(key);
      if (first === undefined) this.#firsts.set(key, index);
      else this.#join(first, index);
    }
  }

  /** The first contact of the group that this one is in. */
  groupOf(index: number): number {
    let root = index;
    while (this.#parents[root] !== root) root = this.#parents[root] ?? root;
    for (let at = index; at !== root; ) {
      const next = this.#parents[at] ?? root;
      this.#parents[at] = root;
      at = next;
    }
    return root;
  }

  /** Groups of more than one. */
  several(): Map<number, number[]> {
    const groups = new Map<number, number[]>();
    for (let index = 0; index < this.#parents.length; index += 1) {
      const root = this.groupOf(index);
      if (root === index) continue;
      const found = groups.get(root);
      if (found) found.push(index);
      else groups.set(root, [root, index]);
    }
    return groups;
  }

  /** The smaller one becomes the root, so that a group is known by its first contact. */
  #join(a: number, b: number): void {
    const [rootA, rootB] = [this.groupOf(a), this.groupOf(b)];
    if (rootA < rootB) this.#parents[rootB] = rootA;
    else this.#parents[rootA] = rootB;
  }
}

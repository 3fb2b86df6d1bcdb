import { isAscii } from 'node:buffer';
import { isNationalId } from '../national-id.ts';
import { MEMBER_ATTRIBUTES } from './attribute-names.ts';
import type { LdifEntry } from './ldif-entry.ts';
import { printEntry } from './print-entry.ts';

/** An entry of an LDIF file, to be written again as it is. */
export class LdifRecord {
  readonly sizeBytes: number;
  readonly #entry: LdifEntry;
  readonly #bytes: Buffer;

  constructor(entry: LdifEntry, bytes: Buffer) {
    this.sizeBytes = bytes.length;
    this.#entry = entry;
    this.#bytes = bytes;
  }

  get dn(): string {
    return this.#entry.dn;
  }

  /** Of a group: the distinguished names of its members. */
  get members(): string[] {
    return this.#entry.attributes.flatMap(({ name, value }) =>
      MEMBER_ATTRIBUTES.has(name.toLowerCase()) && typeof value === 'string' ? [value] : [],
    );
  }

  /**
   * Its lines from the `dn` on, to the letter; values that aren't ASCII, which RFC 2849 forbids, in Base64. Null where it has a
   * national id that is not to be written.
   */
  text(withNationalId: boolean): string | null {
    const isWithheld = !withNationalId && this.#entry.attributes.some(({ name }) => isNationalId(name));
    if (isWithheld) return null;
    if (!isAscii(this.#bytes)) return printEntry(this.#entry);
    const lines = this.#bytes.toString('latin1');
    return `${lines.slice(lines.search(/^dn:/im)).replace(/[\r\n]+$/, '')}\n\n`;
  }
}

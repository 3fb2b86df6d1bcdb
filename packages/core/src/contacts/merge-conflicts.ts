import type { Contact } from './contact.ts';
import { type ContactFact, type ContactField, forEachFact } from './contact-facts.ts';
import { displayName } from './display-name.ts';
import { isoDate } from './iso-date.ts';

const KEYED_BY_LABEL: ReadonlySet<ContactField> = new Set<ContactField>(['date', 'relation', 'other']);

const SHOWN: readonly ContactField[] = ['name.nickname', 'name.fileAs', 'organization.name'];

const plain = (text: string): string => text.replace(/[\s,]+/g, '').toLowerCase();

/** The same for two facts that say the same: case, blanks and commas aside. */
const factKey = ({ field, value, label, of }: ContactFact): string => {
  const text = field === 'date' ? (isoDate(value) ?? plain(value)) : plain(value);
  return [field, KEYED_BY_LABEL.has(field) ? label : '', plain(of), text].join('\0');
};

/** Everything that a merged contact says, to be asked for what became of each of those that it was made of. */
export class MergeConflicts {
  readonly #keys = new Set<string>();
  readonly #name: string;
  readonly #notes: string;

  constructor(merged: Contact) {
    this.#name = plain(displayName(merged));
    this.#notes = merged.notes;
    forEachFact(merged, (field, value, label, of) => this.#keys.add(factKey({ field, value, label, of })));
  }

  /** What the contact says and the merged one doesn't, because another one says something else. */
  of(contact: Contact): ContactFact[] {
    const facts: ContactFact[] = [];
    const lost = new Set<string>();
    forEachFact(contact, (field, value, label, of) => {
      const fact = { field, value, label, of };
      if (this.#holds(fact)) return;
      facts.push(fact);
      if (of === '') lost.add(`${field}\0${value}`);
    });
    // A label or a mark is no conflict of its own where its value is one.
    return facts.filter(({ field, of }) => of === '' || !lost.has(`${field.split('.', 1)[0]}\0${of}`));
  }

  #holds(fact: ContactFact): boolean {
    const { field, value, of } = fact;
    if (this.#keys.has(factKey(fact))) return true;
    // A contact without a name is shown by one of these.
    if (field === 'name') return SHOWN.some((other) => this.#keys.has(factKey({ ...fact, field: other })));
    if (field === 'notes') return this.#notes.includes(value);
    if (field.startsWith('name.')) return this.#name.includes(plain(value));
    // A part of an address that stands there in one text.
    const isPart = field.startsWith('address.') && field !== 'address.label' && field !== 'address.primary';
    return isPart && this.#keys.has(factKey({ field: 'address', value: of, label: '', of: '' })) && plain(of).includes(plain(value));
  }
}

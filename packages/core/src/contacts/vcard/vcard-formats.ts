import type { ContactFormat, ContactWriter } from '../contact-format.ts';
import { printCard } from './print-card.ts';
import type { Card, VcardVersion } from './property.ts';
import { readVcards } from './read-vcards.ts';
import { toCard } from './to-card.ts';
import { toContact } from './to-contact.ts';

const isCard = (record: unknown): record is Card =>
  typeof record === 'object' && record !== null && 'version' in record && 'properties' in record;

const createWriter = (version: VcardVersion): ContactWriter => ({
  head: '',
  needed: null,
  print: (contact) => {
    const card = toCard(contact, version);
    return { text: printCard(card), held: toContact(card) };
  },
  printRecord: (record) => (isCard(record) && record.version === version ? printCard(record) : null),
});

const formatOf = (version: VcardVersion): ContactFormat => ({
  id: `vcard-${version}`,
  family: 'vcard',
  requires: [],
  fileExtension: '.vcf',
  read: readVcards,
  createWriter: () => createWriter(version),
});

/** vCard 4.0 (RFC 6350), 3.0 (RFC 2426) and 2.1 (versit). Each reads all three. */
export const VCARD_FORMATS: readonly ContactFormat[] = [formatOf('4.0'), formatOf('3.0'), formatOf('2.1')];

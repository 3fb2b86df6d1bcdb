import type { ContactFormat, ContactWriter, WriterOptions } from '../contact-format.ts';
import { isNationalId } from '../national-id.ts';
import { OWN_NAMES } from './field-names.ts';
import { printCard } from './print-card.ts';
import type { Card, VcardVersion } from './property.ts';
import { readVcards } from './read-vcards.ts';
import { toCard } from './to-card.ts';
import { toContact } from './to-contact.ts';
import { readParts } from './value-text.ts';

const isCard = (record: unknown): record is Card =>
  typeof record === 'object' && record !== null && 'version' in record && 'properties' in record;

const hasNationalId = ({ version, properties }: Card): boolean =>
  properties.some(({ name, value }) => isNationalId(name === OWN_NAMES.field ? (readParts(value, ';', version)[0] ?? '') : name));

const createWriter = (version: VcardVersion, { withNationalId }: WriterOptions): ContactWriter => ({
  head: '',
  needed: null,
  print: (contact) => {
    const card = toCard(contact, version, withNationalId);
    return { text: printCard(card), held: toContact(card) };
  },
  printRecord: (record) => {
    if (!isCard(record) || record.version !== version) return null;
    return !withNationalId && hasNationalId(record) ? null : printCard(record);
  },
});

const formatOf = (version: VcardVersion): ContactFormat => ({
  id: `vcard-${version}`,
  family: 'vcard',
  requires: [],
  fileExtension: '.vcf',
  read: readVcards,
  createWriter: (options) => createWriter(version, options),
});

/** vCard 4.0 (RFC 6350), 3.0 (RFC 2426) and 2.1 (versit). Each reads all three. */
export const VCARD_FORMATS: readonly ContactFormat[] = [formatOf('4.0'), formatOf('3.0'), formatOf('2.1')];

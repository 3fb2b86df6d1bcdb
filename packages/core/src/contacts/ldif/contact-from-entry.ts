import type { Contact } from '../contact.ts';
import { PERSON_CLASSES, PHOTO_ATTRIBUTES, SECRET_ATTRIBUTES } from './attribute-names.ts';
import { ATTRIBUTE_TAKERS } from './attribute-takers.ts';
import { pictureUri, textOfValue } from './attribute-value.ts';
import { ContactFilling } from './contact-filling.ts';
import type { LdifAttribute, LdifEntry } from './ldif-entry.ts';

const PERSON = new Set(PERSON_CLASSES.map((name) => name.toLowerCase()));
const PHOTOS = new Set(PHOTO_ATTRIBUTES.map((name) => name.toLowerCase()));

/** The name of an attribute taken apart. */
export interface AttributeKey {
  /** In lower case, with `;phonetic`, by which `ATTRIBUTE_TAKERS` know it. */
  readonly key: string;
  /** Whether other options say in which language or for what the value is: `cn;lang-ko`. */
  readonly isSpecial: boolean;
}

export const attributeKey = (name: string): AttributeKey => {
  const lower = name.toLowerCase();
  if (!lower.includes(';')) return { key: lower, isSpecial: false };
  const [base = '', ...options] = lower.split(';');
  const key = options.includes('phonetic') ? `${base};phonetic` : base;
  return { key, isSpecial: options.some((option) => option !== 'phonetic' && option !== 'binary') };
};

/** A URL in place of a value is no value, but for a picture on the web. */
const isValue = ({ value, isUrl }: LdifAttribute, key: string): boolean =>
  !isUrl || (PHOTOS.has(key) && typeof value === 'string' && /^https?:/.test(value));

const takeAttribute = (filling: ContactFilling, attribute: LdifAttribute, { key, isSpecial }: AttributeKey): void => {
  const { name, value } = attribute;
  if (value.length === 0 || SECRET_ATTRIBUTES.has(key)) return;
  if (key === 'objectclass' && typeof value === 'string' && PERSON.has(value.toLowerCase())) return;
  if (typeof value !== 'string' && PHOTOS.has(key) && filling.contact.photo === '') {
    filling.contact.photo = pictureUri(value);
    return;
  }
  const taker = ATTRIBUTE_TAKERS.get(key);
  const canTake = taker !== undefined && typeof value === 'string' && isValue(attribute, key) && !(isSpecial && taker.isList);
  if (!canTake || !taker.take(filling, value)) filling.contact.others.push({ name, value: textOfValue(value) });
};

/**
 * The contact that an entry is of. What no field stands for is an other field by the attribute's name, as is the `dn` where it isn't
 * the one that Mozilla would make; passwords and keys are left behind. A URL in place of a value is kept, not followed.
 */
export const contactFromEntry = ({ dn, attributes }: LdifEntry): Contact => {
  const filling = new ContactFilling();
  const special: (() => void)[] = [];
  for (const attribute of attributes) {
    const key = attributeKey(attribute.name);
    // A value with other options stands for the plain one only where that is lacking.
    if (key.isSpecial) special.push(() => takeAttribute(filling, attribute, key));
    else takeAttribute(filling, attribute, key);
  }
  for (const take of special) take();
  return filling.finish(dn);
};

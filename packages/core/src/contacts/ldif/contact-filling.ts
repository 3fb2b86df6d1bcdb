import { type ContactDraft, type ContactEmail, emptyAddress, emptyContact, emptyOrganization } from '../contact.ts';
import { displayName } from '../display-name.ts';
import type { AddressPlace } from './attribute-names.ts';
import { BIRTH_ATTRIBUTES, NAME_ATTRIBUTES } from './attribute-names.ts';
import { addressText } from './attribute-value.ts';
import { mozillaName, nameKey } from './distinguished-name.ts';

type AddressDraft = ReturnType<typeof emptyAddress>;
type OrganizationDraft = ReturnType<typeof emptyOrganization>;

/** A contact that the attributes of an entry fill one by one. */
export class ContactFilling {
  readonly contact: ContactDraft = emptyContact();
  /** By rank: first, second, other ones. */
  readonly emails: readonly [ContactEmail[], ContactEmail[], ContactEmail[]] = [[], [], []];
  readonly birth = { year: '', month: '', day: '' };
  readonly groups = new Set<string>();
  readonly preferred = { displayName: '' };
  readonly #places = new Map<AddressPlace, AddressDraft>();
  #organization: OrganizationDraft | null = null;

  place(place: AddressPlace): AddressDraft {
    const address = this.#places.get(place) ?? emptyAddress(place);
    this.#places.set(place, address);
    return address;
  }

  organization(): OrganizationDraft {
    this.#organization ??= emptyOrganization();
    return this.#organization;
  }

  finish(dn: string): ContactDraft {
    const { contact } = this;
    contact.emails.push(...this.emails.flat());
    contact.addresses.unshift(...[...this.#places.values()].map(finishAddress));
    if (this.#organization !== null) contact.organizations.push(this.#organization);
    contact.groups.push(...this.groups);
    this.#finishName();
    this.#finishBirthday();
    const told = mozillaName(displayName(contact), contact.emails[0]?.address ?? '');
    if (dn !== '' && dn !== told && nameKey(dn) !== nameKey(told)) contact.others.push({ name: 'dn', value: dn });
    return contact;
  }

  /** The preferred name comes first among the common ones. */
  #finishName(): void {
    const { name, others } = this.contact;
    const { displayName } = this.preferred;
    if (displayName === '' || displayName === name.full) return;
    const same = others.findIndex((other) => other.name === NAME_ATTRIBUTES.full[0] && other.value === displayName);
    const common = { name: NAME_ATTRIBUTES.full[0], value: name.full };
    if (name.full !== '') others.splice(same < 0 ? others.length : same, same < 0 ? 0 : 1, common);
    name.full = displayName;
  }

  #finishBirthday(): void {
    const { year, month, day } = this.birth;
    const isDay = /^\d{1,2}$/.test(month) && Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= 31;
    if (isDay && /^(?:\d{4})?$/.test(year)) {
      this.contact.dates.push({ label: 'birthday', date: `${year || '-'}-${month.padStart(2, '0')}-${day.padStart(2, '0')}` });
      return;
    }
    for (const part of ['year', 'month', 'day'] as const) {
      if (this.birth[part] !== '') this.contact.others.push({ name: BIRTH_ATTRIBUTES[part], value: this.birth[part] });
    }
  }
}

/** Mozilla once wrote the street of an address where directories have the whole of it. */
const finishAddress = (address: AddressDraft): AddressDraft => {
  const { formatted, street, extended, city, region, postalCode, country } = address;
  if (formatted === '') return address;
  const isStreet = street === '' && !formatted.includes('$') && `${extended}${city}${region}${postalCode}${country}` !== '';
  return isStreet ? { ...address, street: addressText(formatted), formatted: '' } : { ...address, formatted: addressText(formatted) };
};

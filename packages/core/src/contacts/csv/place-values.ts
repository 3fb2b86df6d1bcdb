import type { Contact, ContactPhone, ContactUrl, PostalAddress } from '../contact.ts';
import { displayAddress } from '../display-address.ts';
import type { AddressPart, ColumnField } from './column-field.ts';
import type { LayoutColumn } from './csv-layout.ts';

const isFax = (label: string): boolean => label.endsWith('fax');

/** Where a number goes whose own column is not there or taken: another of its kind, faxes only to faxes. The best one first. */
const FALLBACKS = ['other', '', 'main', 'work', 'home', 'mobile', 'other-fax', 'work-fax', 'home-fax'];
const ADDRESS_FALLBACKS = ['other', '', 'work', 'home'];

/** Places of columns by a word of their fields. */
export const placesBy = (
  columns: readonly LayoutColumn[],
  wordOf: (field: ColumnField) => string | null,
): ReadonlyMap<string, readonly number[]> => {
  const places = new Map<string, number[]>();
  for (const [index, { field }] of columns.entries()) {
    const word = wordOf(field);
    if (word === null) continue;
    const found = places.get(word);
    if (found) found.push(index);
    else places.set(word, [index]);
  }
  return places;
};

/** The columns of one address. */
type AddressColumns = ReadonlyMap<AddressPart, number>;

const addressColumns = (columns: readonly LayoutColumn[]): ReadonlyMap<string, AddressColumns> => {
  const byLabel = new Map<string, Map<AddressPart, number>>();
  for (const [index, { field }] of columns.entries()) {
    if (field.kind !== 'address') continue;
    const found = byLabel.get(field.label) ?? new Map<AddressPart, number>();
    if (!found.has(field.part)) found.set(field.part, index);
    byLabel.set(field.label, found);
  }
  return byLabel;
};

const writeAddress = (address: PostalAddress, places: AddressColumns, row: string[]): void => {
  const streetAt = places.get('street');
  if (streetAt === undefined) {
    const at = places.get('formatted');
    if (at !== undefined) row[at] = displayAddress(address);
    return;
  }
  for (const [part, index] of places) row[index] = address[part];
  // Lines that have no column of their own stand behind the street, as on an envelope.
  const lines = [address.street, places.has('extended') ? '' : address.extended, places.has('street3') ? '' : address.street3];
  const street = lines.filter((line) => line !== '').join(' ');
  const hasParts = [...places.keys()].some((part) => part !== 'formatted' && address[part] !== '');
  row[streetAt] = street === '' && !hasParts && !places.has('formatted') ? displayAddress(address) : street;
};

/** Puts values that a contact has several of into the columns of their labels first, then into others that are free. */
export class ValuePlaces {
  readonly #phones: ReadonlyMap<string, readonly number[]>;
  readonly #urls: ReadonlyMap<string, readonly number[]>;
  readonly #addresses: ReadonlyMap<string, AddressColumns>;

  constructor(columns: readonly LayoutColumn[]) {
    this.#phones = placesBy(columns, (field) => (field.kind === 'phone' ? field.label : null));
    this.#urls = placesBy(columns, (field) => (field.kind === 'url' ? field.label : null));
    this.#addresses = addressColumns(columns);
  }

  fill({ phones, urls, addresses }: Contact, row: string[]): void {
    if (this.#phones.size > 0) this.#fillPhones(phones, row);
    if (this.#urls.size > 0) this.#fillUrls(urls, row);
    if (this.#addresses.size > 0) this.#fillAddresses(addresses, row);
  }

  #fillPhones(phones: readonly ContactPhone[], row: string[]): void {
    const free = (label: string): number | undefined => this.#phones.get(label)?.find((at) => row[at] === '');
    const left: ContactPhone[] = [];
    for (const phone of phones) {
      const at = free(phone.label);
      if (at === undefined) left.push(phone);
      else row[at] = phone.number;
    }
    for (const { label, number } of left) {
      const [at] = FALLBACKS.filter((one) => isFax(one) === isFax(label)).flatMap((one) => free(one) ?? []);
      if (at !== undefined) row[at] = number;
    }
  }

  #fillUrls(urls: readonly ContactUrl[], row: string[]): void {
    for (const { label, url } of urls) {
      const at = [this.#urls.get(label) ?? [], ...this.#urls.values()].flat().find((place) => row[place] === '');
      if (at !== undefined) row[at] = url;
    }
  }

  #fillAddresses(addresses: readonly PostalAddress[], row: string[]): void {
    const taken = new Set<string>();
    const put = (address: PostalAddress, label: string | undefined): boolean => {
      const places = label === undefined || taken.has(label) ? undefined : this.#addresses.get(label);
      if (label === undefined || !places) return false;
      taken.add(label);
      writeAddress(address, places, row);
      return true;
    };
    const left = addresses.filter((address) => !put(address, address.label));
    for (const address of left) ADDRESS_FALLBACKS.some((label) => put(address, label));
  }
}

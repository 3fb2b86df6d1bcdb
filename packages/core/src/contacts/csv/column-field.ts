import { MailferryError } from '../../errors.ts';
import type { ContactName, Organization, PostalAddress } from '../contact.ts';

export type NamePart = keyof ContactName;
type EmailPart = 'address' | 'displayName' | 'type';
export type AddressPart = Exclude<keyof PostalAddress, 'label' | 'isPrimary'>;
type OrganizationPart = keyof Organization;
export type DatePart = 'year' | 'month' | 'day';

/** What the cells of a column are. Slots count from 0. */
export type ColumnField =
  | { readonly kind: 'name'; readonly part: NamePart }
  | { readonly kind: 'email'; readonly slot: number; readonly part: EmailPart }
  | { readonly kind: 'phone'; readonly label: string }
  | { readonly kind: 'address'; readonly label: string; readonly part: AddressPart }
  | { readonly kind: 'organization'; readonly part: OrganizationPart }
  | { readonly kind: 'date'; readonly label: string }
  | { readonly kind: 'datePart'; readonly label: string; readonly part: DatePart }
  | { readonly kind: 'url'; readonly label: string }
  | { readonly kind: 'relation'; readonly label: string }
  | { readonly kind: 'messenger' }
  | { readonly kind: 'notes' }
  | { readonly kind: 'groups' }
  | { readonly kind: 'photo' }
  /** One of several columns that are read together. */
  | { readonly kind: 'numbered' }
  | { readonly kind: 'other'; readonly name: string };

const NAME_PARTS = [
  ...(['full', 'prefix', 'given', 'middle', 'family', 'suffix', 'nickname', 'fileAs'] as const),
  ...(['phoneticGiven', 'phoneticMiddle', 'phoneticFamily'] as const),
] satisfies NamePart[];
const ADDRESS_PARTS = [
  ...(['formatted', 'street', 'extended', 'street3', 'poBox', 'city', 'region', 'postalCode', 'country'] as const),
] satisfies AddressPart[];
const ORGANIZATION_PARTS = ['name', 'department', 'title', 'role', 'office', 'phoneticName'] as const satisfies OrganizationPart[];
const DATE_PARTS = ['year', 'month', 'day'] as const satisfies DatePart[];
const EMAIL_PARTS = ['address', 'displayName', 'type'] as const satisfies EmailPart[];

const isIn = <Part extends string>(parts: readonly Part[], part: string): part is Part => (parts as readonly string[]).includes(part);

const parseField = (kind: string, rest: readonly string[]): ColumnField | null => {
  const [first = '', second] = rest;
  switch (kind) {
    case 'name': {
      const part = first || 'full';
      return isIn(NAME_PARTS, part) ? { kind, part } : null;
    }
    case 'email': {
      const slot = Number(first || '1');
      const part = second ?? 'address';
      return Number.isInteger(slot) && slot >= 1 && slot <= 50 && isIn(EMAIL_PARTS, part) ? { kind, slot: slot - 1, part } : null;
    }
    case 'phone':
      return { kind, label: first };
    case 'address': {
      const part = second ?? 'formatted';
      return isIn(ADDRESS_PARTS, part) ? { kind, label: first, part } : null;
    }
    case 'organization': {
      const part = first || 'name';
      return isIn(ORGANIZATION_PARTS, part) ? { kind, part } : null;
    }
    case 'date':
      if (second === undefined) return { kind, label: first || 'birthday' };
      return isIn(DATE_PARTS, second) ? { kind: 'datePart', label: first, part: second } : null;
    case 'url':
    case 'relation':
      return { kind, label: first };
    case 'messenger':
    case 'notes':
    case 'groups':
    case 'photo':
    case 'numbered':
      return { kind };
    case 'other':
      return first === '' ? null : { kind, name: rest.join('.') };
    default:
      return null;
  }
};

/**
 * A field by its path: `name`, `name.given`, `email`, `email.2`, `email.2.displayName`, `phone.mobile`, `address.work`,
 * `address.work.street`, `organization`, `organization.title`, `date.birthday`, `date.birthday.year`, `url.work`,
 * `relation.spouse`, `messenger`, `notes`, `groups`, `photo`, `other.Hobby`.
 * @throws MailferryError `contact-field-unknown`
 */
export const columnField = (path: string): ColumnField => {
  const [kind = '', ...rest] = path.split('.');
  const field = parseField(kind, rest);
  if (!field) throw new MailferryError('contact-field-unknown', { field: path });
  return field;
};

/** The same for two columns that can't both be read; of some fields there may be several. */
export const fieldKey = (field: ColumnField): string => JSON.stringify(field);

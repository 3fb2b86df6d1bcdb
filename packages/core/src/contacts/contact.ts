/**
 * A person or company of an address book, in terms that every format shares. Texts stand as the source had them, without the
 * escaping of its format; one that is lacking is empty, lists keep their order.
 */
export interface Contact {
  readonly name: ContactName;
  readonly emails: readonly ContactEmail[];
  readonly phones: readonly ContactPhone[];
  readonly addresses: readonly PostalAddress[];
  readonly organizations: readonly Organization[];
  /** Birthday, anniversary and other days. */
  readonly dates: readonly ContactDate[];
  readonly urls: readonly ContactUrl[];
  readonly messengers: readonly Messenger[];
  readonly relations: readonly Relation[];
  readonly notes: string;
  /** Groups, labels, categories or folders. */
  readonly groups: readonly string[];
  /** Where the picture is: a URL, or the picture itself as a `data:` URI. */
  readonly photo: string;
  /** What none of the fields above stands for, by the name that the source gave it; shared names are those of `OTHER_NAMES`. */
  readonly others: readonly OtherField[];
}

export interface ContactName {
  /** As shown; empty where the source has only the parts: see `displayName`. */
  readonly full: string;
  readonly prefix: string;
  readonly given: string;
  readonly middle: string;
  readonly family: string;
  readonly suffix: string;
  readonly nickname: string;
  readonly fileAs: string;
  readonly phoneticGiven: string;
  readonly phoneticMiddle: string;
  readonly phoneticFamily: string;
}

/**
 * What a value is for. A label is a shared word (`home`, `work`, `mobile` …), a text that a person typed, as it stood, or empty.
 * Of several values at most one is primary, where the source marks one.
 */
export interface Labelled {
  readonly label: string;
  readonly isPrimary: boolean;
}

export interface ContactEmail extends Labelled {
  readonly address: string;
  /** The name that Outlook shows for the address. */
  readonly displayName: string;
  /** Outlook's address type where it is not `SMTP`. */
  readonly type: string;
}

export interface ContactPhone extends Labelled {
  /** As written, leading zeros and all (SPEC C11). */
  readonly number: string;
}

export interface PostalAddress extends Labelled {
  /** The whole address as one text, where the source has it so: see `displayAddress`. */
  readonly formatted: string;
  readonly street: string;
  /** What follows the street: building, floor, a second line. */
  readonly extended: string;
  /** Outlook's third line. */
  readonly street3: string;
  readonly poBox: string;
  /** 구/군/시 */
  readonly city: string;
  /** State, province, 시/도 */
  readonly region: string;
  readonly postalCode: string;
  readonly country: string;
}

export interface Organization {
  readonly name: string;
  /** A path of departments is joined by `>`. */
  readonly department: string;
  /** 직위, 직급, 직책, 직함 */
  readonly title: string;
  /** Occupation; ROLE of a vCard. */
  readonly role: string;
  readonly office: string;
  readonly phoneticName: string;
}

export interface ContactDate {
  /** `birthday`, `anniversary`, or what a person typed. */
  readonly label: string;
  /** As the source wrote it: see `isoDate`. */
  readonly date: string;
}

export interface ContactUrl extends Labelled {
  readonly url: string;
}

export interface Messenger extends Labelled {
  /** In lower case: `kakaotalk`, `xmpp`, `skype` …; empty where the source doesn't tell. */
  readonly protocol: string;
  readonly handle: string;
}

export interface Relation {
  /** `spouse`, `child`, `manager`, `assistant`, `referred-by`, or what a person typed. */
  readonly label: string;
  readonly name: string;
}

export interface OtherField {
  readonly name: string;
  readonly value: string;
}

/** Labels of telephone numbers that formats share. */
export const PHONE_LABELS = [
  'mobile',
  'work',
  'home',
  'other',
  'main',
  'company-main',
  'work-fax',
  'home-fax',
  'other-fax',
  'pager',
  'car',
  'callback',
  'assistant',
  'isdn',
  'radio',
  'telex',
  'tty',
  'extension',
] as const;
export type PhoneLabel = (typeof PHONE_LABELS)[number];

/** Names of other fields that more than one format has; they are Outlook's. */
export const OTHER_NAMES = [
  'Account',
  'Billing Information',
  'Directory Server',
  'Gender',
  'Government ID Number',
  'Hobby',
  'Initials',
  'Internet Free Busy',
  'Keywords',
  'Language',
  'Location',
  'Maiden Name',
  'Mileage',
  'Organizational ID Number',
  'Priority',
  'Private',
  'Schools',
  'Sensitivity',
  'Short Name',
  'Subject',
  'User 1',
  'User 2',
  'User 3',
  'User 4',
] as const;
export type OtherName = (typeof OTHER_NAMES)[number];

type Mutable<Value> = Value extends readonly (infer Item)[]
  ? Mutable<Item>[]
  : Value extends object
    ? { -readonly [Key in keyof Value]: Mutable<Value[Key]> }
    : Value;

/** A contact that a reader is still filling. */
export type ContactDraft = Mutable<Contact>;

export const emptyContact = (): ContactDraft => ({
  name: {
    full: '',
    prefix: '',
    given: '',
    middle: '',
    family: '',
    suffix: '',
    nickname: '',
    fileAs: '',
    phoneticGiven: '',
    phoneticMiddle: '',
    phoneticFamily: '',
  },
  emails: [],
  phones: [],
  addresses: [],
  organizations: [],
  dates: [],
  urls: [],
  messengers: [],
  relations: [],
  notes: '',
  groups: [],
  photo: '',
  others: [],
});

export const emptyEmail = (): Mutable<ContactEmail> => ({ label: '', isPrimary: false, address: '', displayName: '', type: '' });

export const emptyAddress = (label: string): Mutable<PostalAddress> => ({
  label,
  isPrimary: false,
  formatted: '',
  street: '',
  extended: '',
  street3: '',
  poBox: '',
  city: '',
  region: '',
  postalCode: '',
  country: '',
});

export const emptyOrganization = (): Mutable<Organization> => ({
  name: '',
  department: '',
  title: '',
  role: '',
  office: '',
  phoneticName: '',
});

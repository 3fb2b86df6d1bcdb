import type { ContactName, Organization, OtherName, PhoneLabel, PostalAddress } from '../contact.ts';

/** Attributes that stand for the same: the first is written, all are read. */
export type AttributeNames = readonly [string, ...string[]];

// Sources: the attribute map of Mozilla's address book, RFC 4519 and RFC 4524 (persons), RFC 2798 (inetOrgPerson), the
// evolutionPerson schema, Active Directory.

export const NAME_ATTRIBUTES: Readonly<Record<keyof ContactName, AttributeNames>> = {
  full: ['cn', 'commonName'],
  prefix: ['personalTitle'],
  given: ['givenName', 'gn'],
  middle: ['middleName'],
  family: ['sn', 'surname'],
  suffix: ['generationQualifier'],
  nickname: ['mozillaNickname', 'xmozillanickname'],
  fileAs: ['fileAs'],
  phoneticGiven: ['givenName;phonetic'],
  phoneticMiddle: ['middleName;phonetic'],
  phoneticFamily: ['sn;phonetic'],
};

/** The name that an entry prefers (RFC 2798) over the first of its common names. */
export const DISPLAY_NAME = 'displayName';

export const ORGANIZATION_ATTRIBUTES: Readonly<Record<keyof Organization, AttributeNames>> = {
  name: ['o', 'company', 'organizationName'],
  department: ['ou', 'department', 'orgunit', 'organizationalUnitName'],
  title: ['title'],
  role: ['businessRole'],
  office: ['physicalDeliveryOfficeName'],
  phoneticName: ['o;phonetic'],
};

/** An address whose parts have attributes of their own. */
export type AddressPlace = 'work' | 'home';
export type AddressPart = Exclude<keyof PostalAddress, 'label' | 'isPrimary' | 'formatted'>;

export const ADDRESS_ATTRIBUTES: Readonly<Record<AddressPlace, Partial<Readonly<Record<AddressPart, AttributeNames>>>>> = {
  work: {
    street: ['street', 'streetAddress'],
    extended: ['mozillaWorkStreet2', 'mozillaPostalAddress2'],
    poBox: ['postOfficeBox'],
    city: ['l', 'locality', 'localityName'],
    region: ['st', 'region', 'stateOrProvinceName'],
    postalCode: ['postalCode', 'zip'],
    country: ['c', 'countryName', 'co', 'friendlyCountryName'],
  },
  home: {
    street: ['mozillaHomeStreet', 'homeStreet'],
    extended: ['mozillaHomeStreet2', 'mozillaHomePostalAddress2'],
    city: ['mozillaHomeLocalityName'],
    region: ['mozillaHomeState'],
    postalCode: ['mozillaHomePostalCode'],
    country: ['mozillaHomeCountryName'],
  },
};

/** Whole addresses, whose lines `$` parts (RFC 4517 §3.3.28). */
export const POSTAL_ADDRESS_ATTRIBUTES: Readonly<Record<AddressPlace | 'other', AttributeNames>> = {
  work: ['postalAddress'],
  home: ['homePostalAddress'],
  other: ['otherPostalAddress'],
};

/** The first address, the second, and those after them: a second `mail` would hide the first one from Thunderbird. */
export const EMAIL_ATTRIBUTES: readonly [AttributeNames, AttributeNames, AttributeNames] = [
  ['mail', 'rfc822Mailbox'],
  ['mozillaSecondEmail', 'xmozillasecondemail'],
  ['mailAlternateAddress'],
];

export const PHONE_ATTRIBUTES: Readonly<Record<Exclude<PhoneLabel, 'extension'>, AttributeNames>> = {
  'mobile': ['mobile', 'mobileTelephoneNumber', 'cellphone', 'otherMobile'],
  'work': ['telephoneNumber', 'workPhone'],
  'home': ['homePhone', 'homeTelephoneNumber', 'otherHomePhone'],
  'other': ['otherPhone', 'otherTelephone'],
  'main': ['primaryPhone'],
  'company-main': ['companyPhone'],
  'work-fax': ['facsimileTelephoneNumber', 'fax'],
  'home-fax': ['homeFacsimileTelephoneNumber'],
  'other-fax': ['otherFacsimileTelephoneNumber'],
  'pager': ['pager', 'pagerTelephoneNumber', 'pagerphone', 'otherPager'],
  'car': ['carPhone'],
  'callback': ['callbackPhone'],
  'assistant': ['assistantPhone'],
  'isdn': ['internationaliSDNNumber'],
  'radio': ['radio'],
  'telex': ['telexNumber', 'telex'],
  'tty': ['tty'],
};

export const URL_ATTRIBUTES = {
  work: ['mozillaWorkUrl', 'workurl'],
  home: ['mozillaHomeUrl', 'homeurl'],
} as const satisfies Record<string, AttributeNames>;

/** A URL and what it is for, a blank between them (RFC 2079). */
export const LABELED_URI = 'labeledURI';

export const AIM_ATTRIBUTES: AttributeNames = ['nsAIMid', 'nscpaimscreenname', 'mozilla_AimScreenName'];

export const RELATION_ATTRIBUTES: Readonly<Record<string, AttributeNames>> = {
  manager: ['managerName'],
  assistant: ['assistantName'],
  spouse: ['spouseName', 'mozillaSpouseName'],
};

/** Mozilla's three numbers of a birthday. */
export const BIRTH_ATTRIBUTES = { year: 'birthyear', month: 'birthmonth', day: 'birthday' } as const;

/** A day as one text. */
export const DATE_ATTRIBUTES: Readonly<Record<string, AttributeNames>> = {
  birthday: ['birthDate'],
  anniversary: ['anniversary'],
};

export const NOTES_ATTRIBUTES: AttributeNames = ['description', 'notes', 'note', 'info'];
export const GROUP_ATTRIBUTES: AttributeNames = ['category'];
/** The distinguished name of a group that a directory says the entry is in. */
export const MEMBER_OF = 'memberOf';
export const PHOTO_ATTRIBUTES: AttributeNames = ['jpegPhoto', 'photo', 'thumbnailPhoto'];

/** Other fields that more than one format has, where the attribute isn't their name without blanks. */
export const OTHER_ATTRIBUTES: Partial<Readonly<Record<OtherName, AttributeNames>>> = {
  'Internet Free Busy': ['calFBURL', 'freeBusyURI'],
  'Language': ['preferredLanguage'],
  'Organizational ID Number': ['employeeNumber'],
  'User 1': ['mozillaCustom1', 'custom1'],
  'User 2': ['mozillaCustom2', 'custom2'],
  'User 3': ['mozillaCustom3', 'custom3'],
  'User 4': ['mozillaCustom4', 'custom4'],
};

/** What every entry of a person has, and says no more than that it is one. */
export const PERSON_CLASSES: AttributeNames = ['top', 'person', 'organizationalPerson', 'inetOrgPerson', 'mozillaAbPersonAlpha'];

/** Classes of entries that are groups and no persons. */
export const GROUP_CLASSES: ReadonlySet<string> = new Set(['groupofnames', 'groupofuniquenames', 'group', 'posixgroup']);
/** Distinguished names of the members of a group. */
export const MEMBER_ATTRIBUTES: ReadonlySet<string> = new Set(['member', 'uniquemember']);

/** Passwords and keys of directory servers: never carried into a contact. */
export const SECRET_ATTRIBUTES: ReadonlySet<string> = new Set([
  'authpassword',
  'krbprincipalkey',
  'ntpassword',
  'pwdhistory',
  'sambalmpassword',
  'sambantpassword',
  'sambapasswordhistory',
  'supplementalcredentials',
  'unicodepwd',
  'userpassword',
]);

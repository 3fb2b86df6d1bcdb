import type { OtherName } from '../contact.ts';

/** What the properties of vCard mean, beside those that have a reader of their own in `to-contact.ts`. */

export const SINGLE_NAMES: ReadonlyMap<string, 'nickname' | 'fileAs' | 'phoneticGiven' | 'phoneticMiddle' | 'phoneticFamily'> = new Map([
  ['NICKNAME', 'nickname'],
  ['X-EVOLUTION-FILE-AS', 'fileAs'],
  ['X-PHONETIC-FIRST-NAME', 'phoneticGiven'],
  ['X-PHONETIC-MIDDLE-NAME', 'phoneticMiddle'],
  ['X-PHONETIC-LAST-NAME', 'phoneticFamily'],
]);

export const DATE_LABELS: ReadonlyMap<string, string> = new Map([
  ['BDAY', 'birthday'],
  ['ANNIVERSARY', 'anniversary'],
  ['X-ANNIVERSARY', 'anniversary'],
  ['X-EVOLUTION-ANNIVERSARY', 'anniversary'],
  ['X-MS-ANNIVERSARY', 'anniversary'],
  ['X-KADDRESSBOOK-X-ANNIVERSARY', 'anniversary'],
]);

export const RELATION_LABELS: ReadonlyMap<string, string> = new Map([
  ['X-MS-SPOUSE', 'spouse'],
  ['X-SPOUSE', 'spouse'],
  ['X-EVOLUTION-SPOUSE', 'spouse'],
  ['X-KADDRESSBOOK-X-SPOUSESNAME', 'spouse'],
  ['X-MS-MANAGER', 'manager'],
  ['X-MANAGER', 'manager'],
  ['X-EVOLUTION-MANAGER', 'manager'],
  ['X-KADDRESSBOOK-X-MANAGERSNAME', 'manager'],
  ['X-MS-ASSISTANT', 'assistant'],
  ['X-ASSISTANT', 'assistant'],
  ['X-EVOLUTION-ASSISTANT', 'assistant'],
  ['X-KADDRESSBOOK-X-ASSISTANTSNAME', 'assistant'],
  ['X-MS-CHILD', 'child'],
]);

/** The first of a protocol is the one that is written. */
export const MESSENGER_PROTOCOLS: ReadonlyMap<string, string> = new Map([
  ['X-AIM', 'aim'],
  ['X-ICQ', 'icq'],
  ['X-JABBER', 'xmpp'],
  ['X-MSN', 'msn'],
  ['X-YAHOO', 'yahoo'],
  ['X-SKYPE-USERNAME', 'skype'],
  ['X-SKYPE', 'skype'],
  ['X-QQ', 'qq'],
  ['X-GOOGLE-TALK', 'gtalk'],
  ['X-GTALK', 'gtalk'],
  ['X-SIP', 'sip'],
  ['X-GADUGADU', 'gadugadu'],
  ['X-MS-IMADDRESS', ''],
]);

/** RFC 6350 §6.6.6. */
export const RELATED_TYPES: ReadonlySet<string> = new Set([
  'contact',
  'acquaintance',
  'friend',
  'met',
  'co-worker',
  'colleague',
  'co-resident',
  'neighbor',
  'child',
  'parent',
  'sibling',
  'spouse',
  'kin',
  'muse',
  'crush',
  'date',
  'sweetheart',
  'me',
  'agent',
  'emergency',
]);

/** Names that 3.0 has for properties of 4.0: Apple's groups. */
export const APPLE_NAMES: ReadonlyMap<string, string> = new Map([
  ['KIND', 'X-ADDRESSBOOKSERVER-KIND'],
  ['MEMBER', 'X-ADDRESSBOOKSERVER-MEMBER'],
]);

/** Properties that are other fields under a name that formats share. */
export const SHARED_NAMES: ReadonlyMap<string, OtherName> = new Map([['HOBBY', 'Hobby']]);

/** Fields of a contact that vCard has no property for. */
export const OWN_NAMES = {
  displayName: 'X-MAILFERRY-DISPLAY-NAME',
  addressType: 'X-MAILFERRY-ADDRESS-TYPE',
  street3: 'X-MAILFERRY-STREET3',
  office: 'X-MAILFERRY-OFFICE',
  /** A field that the contact has from another format: its name and its value. */
  field: 'X-MAILFERRY-FIELD',
} as const;

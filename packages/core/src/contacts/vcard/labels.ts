/** Types of vCard and the label that each is, the most telling first: a mobile phone for work is a mobile phone. */
const LABEL_OF_TYPE: readonly (readonly [type: string, label: string])[] = [
  ['cell', 'mobile'],
  ['pager', 'pager'],
  ['car', 'car'],
  ['isdn', 'isdn'],
  ['textphone', 'tty'],
  ['callback', 'callback'],
  ['radio', 'radio'],
  ['telex', 'telex'],
  ['ttytdd', 'tty'],
  ['company', 'company-main'],
  ['assistant', 'assistant'],
  ['main', 'main'],
  ['work', 'work'],
  ['home', 'home'],
  ['other', 'other'],
];

const TYPES_OF_LABEL = new Map<string, readonly string[]>([
  ['mobile', ['cell']],
  ['work', ['work']],
  ['home', ['home']],
  ['main', ['main']],
  ['work-fax', ['work', 'fax']],
  ['home-fax', ['home', 'fax']],
  ['other-fax', ['fax']],
  ['pager', ['pager']],
  ['car', ['car']],
  ['isdn', ['isdn']],
  ['tty', ['textphone']],
]);

/** Types that are labels of their own, as they stand. */
const TYPE_LABELS = new Set(['video', 'msg', 'modem', 'bbs', 'text', 'pcs']);
const OWN_TYPE = /^x-[a-z0-9-]+$/i;

/** Labels that programs translate, by the names that Apple gave them. */
const APPLE_LABELS = new Map([
  ['home', 'Home'],
  ['work', 'Work'],
  ['other', 'Other'],
  ['mobile', 'Mobile'],
  ['main', 'Main'],
  ['company-main', 'CompanyMain'],
  ['pager', 'Pager'],
  ['home-fax', 'HomeFAX'],
  ['work-fax', 'WorkFAX'],
  ['other-fax', 'OtherFAX'],
  ['car', 'Car'],
  ['radio', 'Radio'],
  ['school', 'School'],
  ['homepage', 'HomePage'],
  ['birthday', 'Birthday'],
  ['anniversary', 'Anniversary'],
  ['spouse', 'Spouse'],
  ['partner', 'Partner'],
  ['child', 'Child'],
  ['son', 'Son'],
  ['daughter', 'Daughter'],
  ['mother', 'Mother'],
  ['father', 'Father'],
  ['parent', 'Parent'],
  ['brother', 'Brother'],
  ['sister', 'Sister'],
  ['friend', 'Friend'],
  ['manager', 'Manager'],
  ['assistant', 'Assistant'],
]);
/** What stands in an `X-ABLabel` for a label; the last one is Google's. */
const WRITTEN_LABELS = new Map([
  ...[...APPLE_LABELS].map(([label, name]) => [label, `_$!<${name}>!$_`] as const),
  ['referred-by', 'REFERRED_BY'],
]);
const LABEL_OF_WRITTEN = new Map([
  ...[...WRITTEN_LABELS].map(([label, written]) => [written, label] as const),
  ['_$!<AssistantPhone>!$_', 'assistant'],
]);

/** The label that an `X-ABLabel` means. */
export const readLabel = (written: string): string => LABEL_OF_WRITTEN.get(written) ?? written;

/** What stands in the `X-ABLabel` for a label. */
export const writeLabel = (label: string): string => WRITTEN_LABELS.get(label) ?? label;

/** The types that a label is written as; null if only an `X-ABLabel` can say it. */
export const typesOfLabel = (label: string): readonly string[] | null => {
  if (label === '') return [];
  const types = TYPES_OF_LABEL.get(label);
  if (types !== undefined) return types;
  return TYPE_LABELS.has(label.toLowerCase()) || OWN_TYPE.test(label) ? [label] : null;
};

export interface TypedLabel {
  readonly label: string;
  /** The types that the label doesn't say. */
  readonly rest: readonly string[];
}

const without = (types: readonly string[], ...said: readonly string[]): string[] => {
  const lower = said.map((type) => type.toLowerCase());
  return types.filter((type) => !lower.includes(type.toLowerCase().replace(/^x-evolution-/, '')));
};

/** The label that types say, for values whose label is not written out. */
export const labelOfTypes = (types: readonly string[]): TypedLabel => {
  const lower = types.map((type) => type.toLowerCase().replace(/^x-evolution-/, ''));
  const [type, label] = LABEL_OF_TYPE.find(([one]) => lower.includes(one)) ?? ['', ''];
  if (lower.includes('fax') && (label === '' || label === 'work' || label === 'home' || label === 'other')) {
    return { label: label === '' ? 'other-fax' : `${label}-fax`, rest: without(types, 'fax', type) };
  }
  if (label !== '') return { label, rest: without(types, type) };
  const [first = '', ...rest] = types;
  return { label: first, rest };
};

/** What types say beside a label that is written out. */
export const typesBeside = (label: string, types: readonly string[]): readonly string[] =>
  without(types, ...(typesOfLabel(label) ?? [label]));

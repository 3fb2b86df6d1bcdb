/** The fields of a contact, beside what a form has that none of them is. */
export const CONTACT_FIELDS = [
  'name',
  'email',
  'mobile',
  'phone',
  'fax',
  'company',
  'department',
  'title',
  'address',
  'memo',
  'group',
] as const;
export type ContactField = (typeof CONTACT_FIELDS)[number];

/** A contact; fields that it lacks are empty. `name` and `email` are not (SPEC C4). */
export type Contact = Readonly<Record<ContactField, string>> & {
  /** Columns of an imported form that are no fields, by their headers. */
  readonly others: Readonly<Record<string, string>>;
};

export const EMPTY_CONTACT: Contact = {
  name: '',
  email: '',
  mobile: '',
  phone: '',
  fax: '',
  company: '',
  department: '',
  title: '',
  address: '',
  memo: '',
  group: '',
  others: {},
};

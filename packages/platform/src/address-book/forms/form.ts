import type { ContactField } from '../contact.ts';

/** A CSV form of one of the services. */
export interface Form {
  readonly name: string;
  /** Its header row. */
  readonly headers: readonly string[];
  /** The field that a column holds; columns without one are not among them. */
  readonly fields: Readonly<Record<string, ContactField>>;
  readonly isImported: boolean;
  readonly isExported: boolean;
}

/** Header names that mean the same in every form (SPEC C9). */
const ALIASES: Readonly<Record<string, ContactField>> = {
  '성명': 'name',
  '표시명': 'name',
  '전체이름': 'name',
  '고객명': 'name',
  '이름': 'name',
  '이메일': 'email',
  '이메일주소': 'email',
  '전자메일주소': 'email',
  '메일': 'email',
  'e-mail': 'email',
  '휴대폰': 'mobile',
  '핸드폰': 'mobile',
  '휴대전화': 'mobile',
  '모바일': 'mobile',
  '직위': 'title',
  '직급': 'title',
  '직책': 'title',
  '직함': 'title',
};

const plain = (header: string): string => header.normalize('NFC').replace(/\s/g, '').toLowerCase();

/** The field that a column of a file holds, by its name and never by its place; null where it holds none. */
export const fieldOf = ({ fields }: Form, header: string): ContactField | null => {
  const own = Object.entries(fields).find(([name]) => plain(name) === plain(header));
  return own?.[1] ?? ALIASES[plain(header)] ?? null;
};

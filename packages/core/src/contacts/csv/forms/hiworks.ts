import { type FormColumn, tableForm } from '../csv-form.ts';

/** Toolkit-defined (SPEC C8). */
export const HIWORKS_COLUMNS: readonly FormColumn[] = [
  ['이름', 'name.full'],
  ['이메일', 'email'],
  ['휴대폰', 'phone.mobile'],
  ['전화', 'phone.work'],
  ['회사', 'organization.name'],
  ['부서', 'organization.department'],
  ['직책', 'organization.title'],
  ['주소', 'address.work'],
  ['메모', 'notes'],
  ['그룹', 'groups'],
];

/** Address book of Hiworks. */
export const hiworks = tableForm({ id: 'hiworks', requires: ['name', 'email'], columns: HIWORKS_COLUMNS });

import { tableForm } from '../csv-form.ts';

/** Address book of Mailplug. Toolkit-defined (SPEC C8). */
export const mailplugBook = tableForm({
  id: 'mailplug-book',
  requires: ['name', 'email'],
  columns: [
    ['이름', 'name.full'],
    ['이메일', 'email'],
    ['휴대폰', 'phone.mobile'],
    ['회사전화', 'phone.work'],
    ['팩스', 'phone.work-fax'],
    ['회사', 'organization.name'],
    ['부서', 'organization.department'],
    ['직급', 'organization.title'],
    ['주소', 'address.work'],
    ['메모', 'notes'],
    ['그룹', 'groups'],
  ],
});

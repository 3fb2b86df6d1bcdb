import type { Form } from './form.ts';

/** Mailplug's address book. The true header row is not public; this one is toolkit-defined (SPEC C8). */
export const mailplugBook: Form = {
  name: 'mailplug-book',
  headers: ['이름', '이메일', '휴대폰', '회사전화', '팩스', '회사', '부서', '직급', '주소', '메모', '그룹'],
  fields: {
    '이름': 'name',
    '이메일': 'email',
    '휴대폰': 'mobile',
    '회사전화': 'phone',
    '팩스': 'fax',
    '회사': 'company',
    '부서': 'department',
    '직급': 'title',
    '주소': 'address',
    '메모': 'memo',
    '그룹': 'group',
  },
  isImported: true,
  isExported: false,
};

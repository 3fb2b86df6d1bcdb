import type { Form } from './form.ts';

/** Mailplug's org chart: `소속` is a path joined by `>`. The true header row is not public; this one is toolkit-defined (SPEC C8). */
export const mailplugOrgChart: Form = {
  name: 'mailplug-org-chart',
  headers: ['소속', '이름', '아이디', '이메일', '직급', '휴대폰', '내선번호'],
  fields: { '소속': 'department', '이름': 'name', '이메일': 'email', '직급': 'title', '휴대폰': 'mobile', '내선번호': 'phone' },
  isImported: true,
  isExported: false,
};

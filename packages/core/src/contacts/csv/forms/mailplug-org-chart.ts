import { tableForm } from '../csv-form.ts';

/** Org chart of Mailplug: 소속 is a path of departments joined by `>`. Toolkit-defined (SPEC C8). */
export const mailplugOrgChart = tableForm({
  id: 'mailplug-org-chart',
  requires: ['name', 'email'],
  telling: ['소속'],
  columns: [
    ['소속', 'organization.department'],
    ['이름', 'name.full'],
    ['아이디', 'other.아이디'],
    ['이메일', 'email'],
    ['직급', 'organization.title'],
    ['휴대폰', 'phone.mobile'],
    ['내선번호', 'phone.extension'],
  ],
});

import { tableForm } from '../csv-form.ts';

/** Users of a migration to Mailplug. Toolkit-defined (SPEC C8). The passwords in it are no contact's: see `isSecretField`. */
export const mailplugUsers = tableForm({
  id: 'mailplug-users',
  requires: ['name', 'email'],
  telling: ['기존메일아이디', '새아이디'],
  columns: [
    ['이름', 'name.full'],
    ['기존메일아이디', 'email'],
    ['비밀번호', 'other.비밀번호'],
    ['새아이디', 'other.아이디'],
    ['소속', 'organization.department'],
    ['직급', 'organization.title'],
  ],
});

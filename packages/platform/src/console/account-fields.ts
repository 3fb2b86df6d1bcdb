import { html } from 'hono/html';
import { mayUsePop3Smtp } from '../office/log-in.ts';
import type { AccountChange } from '../office/office-accounts.ts';
import type { OfficePolicy } from '../office/policy.ts';
import { type Account, ROLES, type Role } from '../store/accounts.ts';
import type { Department } from '../store/directory.ts';
import type { Html, View } from './console-env.ts';
import { departmentChoices, readDepartment } from './departments.ts';
import { checkbox, checkedText, type Fields, type FormState, selectField, textField } from './forms.ts';
import { quotaText, readQuota } from './quota.ts';

export const accountValues = ({ formats }: View, account: Account): Fields => ({
  name: account.name,
  quota: quotaText(account.quotaBytes),
  department: account.departmentId === null ? '' : String(account.departmentId),
  rank: account.rank,
  role: account.role,
  setUp: checkedText(account.setUp),
  suspended: checkedText(account.suspended),
  mailClients: checkedText(account.mailClients),
  pop3Smtp: checkedText(account.pop3Smtp),
  webBlockedUntil: account.webBlockedUntil ? formats.localInput(account.webBlockedUntil) : '',
});

/** What the owner may change, be he an administrator or not (SPEC P2). */
export const ownFields = ({ texts }: View, form: FormState, account: Account, policy: OfficePolicy): Html => {
  const words = texts.account;
  const exception = mayUsePop3Smtp(account, policy) ? words.pop3SmtpException : words.pop3SmtpOfficeOff;
  const hint = policy.pop3Smtp ? words.pop3SmtpHint : `${words.pop3SmtpHint} ${exception}`;
  return html`${textField(form, { name: 'name', label: words.name, maxLength: 200 })}
    ${checkbox(form, { name: 'pop3Smtp', label: words.pop3Smtp, hint })}`;
};

/** What an administrator may change; the role only the super administrator (SPEC A4). */
export const adminFields = (
  { texts, formats }: View,
  form: FormState,
  departments: readonly Department[],
  mayChangeRole: boolean,
): Html => {
  const words = texts.account;
  return html`
    ${textField(form, { name: 'quota', label: words.quota, hint: words.quotaHint, inputMode: 'decimal', isShort: true })}
    <div class="pair">${selectField(form, { name: 'department', label: words.department, choices: departmentChoices(departments, words.noDepartment) })}
    ${textField(form, { name: 'rank', label: words.rank, maxLength: 100 })}</div>
    ${mayChangeRole && selectField(form, { name: 'role', label: words.role, choices: ROLES.map((role) => ({ value: role, label: texts.roles[role] })) })}
    ${checkbox(form, { name: 'mailClients', label: words.mailClients, hint: words.mailClientsHint })}
    ${checkbox(form, { name: 'setUp', label: words.setUp, hint: words.setUpHint })}
    ${checkbox(form, { name: 'suspended', label: words.suspended, hint: words.suspendedHint })}
    ${textField(form, {
      name: 'webBlockedUntil',
      label: words.webBlockedUntil,
      hint: `${words.webBlockedUntilHint} ${texts.layout.timeZone(formats.timeZone)}`,
      type: 'datetime-local',
    })}`;
};

const isRole = (text: string): text is Role => ROLES.some((role) => role === text);

/** What can't be right about the fields, before the office is asked. A field that is not there is not looked at. */
export const accountMistakes = ({ texts, formats }: View, values: Fields): Fields => {
  const { name = '', rank = '', quota = '', department, role, webBlockedUntil = '' } = values;
  const tooLong = (most: number): string => texts.invalid.tooLong(formats.count(most));
  return {
    ...(name.length > 200 ? { name: tooLong(200) } : {}),
    ...(readQuota(quota) === undefined ? { quota: texts.invalid.quota } : {}),
    ...(readDepartment(department) === undefined ? { department: texts.invalid.choice } : {}),
    ...(rank.length > 100 ? { rank: tooLong(100) } : {}),
    ...(role !== undefined && !isRole(role) ? { role: texts.invalid.choice } : {}),
    ...(webBlockedUntil !== '' && !formats.readLocalInput(webBlockedUntil) ? { webBlockedUntil: texts.invalid.time } : {}),
  };
};

export const ownChange = ({ name = '', pop3Smtp }: Fields): AccountChange => ({ name: name.trim(), pop3Smtp: pop3Smtp === 'on' });

/** The role is in it only where it changes, so that those who may not change it can save the rest. */
export const adminChange = ({ formats }: View, account: Account, values: Fields): AccountChange => {
  const { quota = '', department, rank = '', role, webBlockedUntil = '' } = values;
  return {
    ...ownChange(values),
    quotaBytes: readQuota(quota),
    departmentId: readDepartment(department),
    rank: rank.trim(),
    ...(role !== undefined && isRole(role) && role !== account.role ? { role } : {}),
    mailClients: values.mailClients === 'on',
    setUp: values.setUp === 'on',
    suspended: values.suspended === 'on',
    webBlockedUntil: formats.readLocalInput(webBlockedUntil),
  };
};

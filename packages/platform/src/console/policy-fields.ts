import { html } from 'hono/html';
import type { PolicyChange } from '../office/office.ts';
import { OFFICE_POLICY, type OfficePolicy, unavailableFeatures } from '../office/policy.ts';
import type { Html, View } from './console-env.ts';
import { checkbox, checkedText, type Fields, type FormState, selectField, textArea, textField } from './forms.ts';
import { quotaText, readQuota } from './quota.ts';

export const policyValues = (policy: OfficePolicy): Fields => ({
  pop3Smtp: checkedText(policy.pop3Smtp),
  imap: checkedText(policy.imap),
  retention: checkedText(policy.retention),
  imapViewCap: policy.imapViewCap === null ? '' : String(policy.imapViewCap),
  defaultQuotaBytes: quotaText(policy.defaultQuotaBytes),
  passwordMinLength: String(policy.passwordMinLength),
  passwordMinKinds: String(policy.passwordMinKinds),
  messagesPerDay: String(policy.messagesPerDay),
  recipientsPerMessage: String(policy.recipientsPerMessage),
  webAllowedAddresses: policy.webAllowedAddresses.join('\n'),
  blockedFrom: policy.webBlockedHours?.from ?? '',
  blockedTo: policy.webBlockedHours?.to ?? '',
});

const readCount = (text: string | undefined): number => (/^\d{1,15}$/.test((text ?? '').trim()) ? Number(text) : Number.NaN);

/** The values as they were typed: what is no number is NaN, which no policy takes. */
const readValues = (values: Fields) => {
  const { imapViewCap = '', webAllowedAddresses = '', blockedFrom = '', blockedTo = '' } = values;
  const quota = readQuota(values.defaultQuotaBytes ?? '');
  return {
    imap: values.imap === 'on',
    retention: values.retention === 'on',
    imapViewCap: imapViewCap.trim() === '' ? null : readCount(imapViewCap),
    defaultQuotaBytes: quota === undefined ? Number.NaN : quota,
    passwordMinLength: readCount(values.passwordMinLength),
    passwordMinKinds: readCount(values.passwordMinKinds),
    messagesPerDay: readCount(values.messagesPerDay),
    recipientsPerMessage: readCount(values.recipientsPerMessage),
    webAllowedAddresses: webAllowedAddresses.split(/[\s,]+/).filter(Boolean),
    webBlockedHours: blockedFrom === '' && blockedTo === '' ? null : { from: blockedFrom, to: blockedTo },
  };
};

/** The change that the fields ask for, or what is wrong with them. The POP3/SMTP switch counts only where the plan has it (SPEC P6). */
export const readPolicy = ({ texts }: View, policy: OfficePolicy, values: Fields): { change: PolicyChange } | { errors: Fields } => {
  const change = { ...readValues(values), ...(policy.pop3SmtpInPlan ? { pop3Smtp: values.pop3Smtp === 'on' } : {}) };
  const parsed = OFFICE_POLICY.safeParse({ ...policy, ...change });
  if (parsed.success) return { change };
  const wrong = new Set(parsed.error.issues.map(({ path }) => path[0]));
  const { webBlockedHours, ...invalid } = texts.policy.invalid;
  return {
    errors: {
      ...Object.fromEntries(Object.entries(invalid).filter(([name]) => wrong.has(name))),
      ...(wrong.has('webBlockedHours') ? { blockedFrom: webBlockedHours } : {}),
    },
  };
};

const clientFields = ({ texts }: View, form: FormState, policy: OfficePolicy): Html => {
  const { policy: words } = texts;
  const lost = unavailableFeatures(policy).map((feature) => words.features[feature]);
  return html`<fieldset><legend>${words.clients}</legend>
    ${checkbox(form, {
      name: 'pop3Smtp',
      label: words.pop3Smtp,
      hint: policy.pop3SmtpInPlan ? words.pop3SmtpHint : words.notInPlan,
      isFixed: !policy.pop3SmtpInPlan,
    })}
    ${lost.length > 0 && html`<p class="notice warning">${words.unavailable} ${lost.join(', ')}.</p>`}
    ${checkbox(form, { name: 'imap', label: words.imap })}
    ${checkbox(form, { name: 'retention', label: words.retention, hint: words.retentionHint })}
    ${textField(form, { name: 'imapViewCap', label: words.imapViewCap, hint: words.imapViewCapHint, inputMode: 'numeric', isShort: true })}
    </fieldset>`;
};

const accountFields = ({ texts }: View, form: FormState): Html => {
  const { policy: words } = texts;
  return html`<fieldset><legend>${words.accounts}</legend>
    ${textField(form, { name: 'defaultQuotaBytes', label: words.defaultQuotaBytes, hint: words.quotaHint, inputMode: 'decimal', isShort: true })}
    ${textField(form, { name: 'passwordMinLength', label: words.passwordMinLength, hint: words.passwordMinLengthHint, inputMode: 'numeric', isShort: true })}
    ${selectField(form, {
      name: 'passwordMinKinds',
      label: words.passwordMinKinds,
      hint: words.passwordMinKindsHint,
      choices: ['1', '2', '3', '4'].map((value) => ({ value, label: value })),
    })}</fieldset>
    <fieldset><legend>${words.sending}</legend>
    ${textField(form, { name: 'messagesPerDay', label: words.messagesPerDay, hint: words.messagesPerDayHint, inputMode: 'numeric', isShort: true })}
    ${textField(form, { name: 'recipientsPerMessage', label: words.recipientsPerMessage, inputMode: 'numeric', isShort: true })}</fieldset>`;
};

const webFields = ({ texts, formats }: View, form: FormState): Html => {
  const { policy: words, layout } = texts;
  return html`<fieldset><legend>${words.web}</legend><p class="hint">${words.webHint}</p>
    ${textArea(form, { name: 'webAllowedAddresses', label: words.webAllowedAddresses, hint: words.webAllowedAddressesHint, rows: 3 })}
    <div class="pair">${textField(form, { name: 'blockedFrom', label: words.blockedFrom, type: 'time', isShort: true })}
    ${textField(form, { name: 'blockedTo', label: words.blockedTo, type: 'time', isShort: true })}</div>
    <p class="hint">${words.blockedHint} ${layout.timeZone(formats.timeZone)}</p></fieldset>`;
};

export const policyFields = (view: View, form: FormState, policy: OfficePolicy): Html =>
  html`${clientFields(view, form, policy)}${accountFields(view, form)}${webFields(view, form)}`;

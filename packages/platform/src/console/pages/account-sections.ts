import { html } from 'hono/html';
import type { Account } from '../../store/accounts.ts';
import type { StoredMailbox } from '../../store/mailboxes.ts';
import { accessTable } from '../access-table.ts';
import { accountValues, adminFields, ownFields } from '../account-fields.ts';
import type { ConsoleContext, Html, View } from '../console-env.ts';
import { buttonForm, type FormState, freshForm, renderForm, textField } from '../forms.ts';
import { accountTags, address, usageBar } from '../pieces.ts';
import { renderTable } from '../table.ts';

/** An account as someone looks at it. */
export interface AccountSight {
  readonly view: View;
  readonly context: ConsoleContext;
  readonly actor: Account;
  readonly account: Account;
  /** A form that came back, in the place of the fresh one of that id. */
  readonly state: FormState | null;
}

const RECENT = 10;

const formOf = ({ state }: AccountSight, fresh: FormState): FormState => (state?.id === fresh.id ? state : fresh);

export const accountPath = ({ id }: Pick<Account, 'id'>): string => `/console/accounts/${id}`;

/** Whether the actor may set the account's password and its two-step verification, or destroy it. */
const mayGovern = ({ actor, account }: AccountSight): boolean =>
  actor.id === account.id || actor.role === 'super-admin' || (actor.role === 'admin' && account.role === 'user');

export const headSection = ({ view, context, account }: AccountSight): Html => html`<div class="head">
  <p>${account.name && html`${account.user} `}${accountTags(view, account, context.now())}</p>
  ${usageBar(view, account, context.store.accounts.usage(account.id).bytes)}</div>`;

/** SPEC A1, A2, A4, A6, A7, A11, P2, P10. */
export const settingsSection = (sight: AccountSight): Html | null => {
  const { view, context, actor, account } = sight;
  if (account.role === 'super-admin' && actor.role !== 'super-admin') return null;
  const form = formOf(sight, freshForm('settings', accountValues(view, account)));
  const isAdmin = actor.role !== 'user';
  const body = html`${ownFields(view, form, account, context.office.policy)}
    ${isAdmin && adminFields(view, form, context.store.directory.departments(), actor.role === 'super-admin')}`;
  return html`<section class="card"><h2>${view.texts.account.settings}</h2>
    ${renderForm(view, form, { action: accountPath(account), submit: view.texts.layout.save, body })}</section>`;
};

interface MailboxSums {
  readonly messages: number;
  readonly bytes: number;
}

/** SPEC A3. */
export const mailboxSection = ({ view, context, account }: AccountSight): Html => {
  const { account: words } = view.texts;
  const { formats } = view;
  const mailboxes = context.store.mailboxes.list(account.id).filter(({ selectable }) => selectable);
  const sums = mailboxes.reduce<MailboxSums>(
    (sum, { messageCount, sizeBytes }) => ({ messages: sum.messages + messageCount, bytes: sum.bytes + sizeBytes }),
    { messages: 0, bytes: 0 },
  );
  const rows: (Pick<StoredMailbox, 'path' | 'messageCount' | 'sizeBytes'> & { readonly isTotal?: boolean })[] = [
    ...mailboxes,
    { path: words.total, messageCount: sums.messages, sizeBytes: sums.bytes, isTotal: true },
  ];
  return html`<section class="card"><h2>${words.mailboxes}</h2>${renderTable(
    words.mailboxes,
    [
      { title: words.mailbox, cell: ({ path, isTotal }) => (isTotal ? html`<strong>${path}</strong>` : path) },
      { title: words.messages, isNumber: true, cell: ({ messageCount }) => formats.count(messageCount) },
      { title: words.size, isNumber: true, cell: ({ sizeBytes }) => formats.size(sizeBytes) },
    ],
    rows,
  )}<p><a href="${accountPath(account)}/backups">${view.texts.backups.open}</a></p></section>`;
};

/** SPEC X3. */
export const forwardSection = (sight: AccountSight): Html => {
  const { view, context, account } = sight;
  const { account: words } = view.texts;
  const forwards = context.store.directory.forwards(account.id);
  const form = formOf(sight, freshForm('forward'));
  const remove = (forward: string): Html =>
    buttonForm(view, {
      action: `${accountPath(account)}/forwards/remove`,
      fields: { address: forward },
      text: words.remove,
      label: words.removeOne(forward),
      tone: 'small',
    });
  return html`<section class="card"><h2>${words.forwards}</h2><p class="hint">${words.forwardsHint}</p>
    ${
      forwards.length === 0
        ? html`<p class="empty">${words.noForwards}</p>`
        : html`<ul class="list">${forwards.map((forward) => html`<li><span>${forward}</span>${remove(forward)}</li>`)}</ul>`
    }
    ${renderForm(view, form, {
      action: `${accountPath(account)}/forwards`,
      submit: words.addForward,
      tone: 'quiet',
      body: textField(form, { name: 'address', label: words.forwardTo, inputMode: 'email', isRequired: true }),
    })}</section>`;
};

/** SPEC A10. */
export const passwordSection = (sight: AccountSight): Html | null => {
  const { view, account } = sight;
  const { account: words } = view.texts;
  if (!mayGovern(sight)) return null;
  const form = formOf(sight, freshForm('password'));
  return html`<section class="card"><h2>${words.password}</h2>
    ${renderForm(view, form, {
      action: `${accountPath(account)}/password`,
      submit: words.setPassword,
      tone: 'quiet',
      more: html`<button class="quiet" name="make" value="yes">${words.makePassword}</button>`,
      body: textField(form, {
        name: 'password',
        label: words.newPassword,
        hint: words.newPasswordHint,
        type: 'password',
        autocomplete: 'new-password',
        isRequired: true,
      }),
    })}
    </section>`;
};

/** SPEC M4. */
export const twoStepSection = (sight: AccountSight): Html | null => {
  const { view, account } = sight;
  const { account: words } = view.texts;
  if (!mayGovern(sight)) return null;
  const action = `${accountPath(account)}/one-time-codes`;
  return html`<section class="card"><h2>${words.twoStep}</h2>
    <p>${account.hasOneTimeCode ? words.twoStepOn : words.twoStepOff}</p><p class="hint">${words.twoStepHint}</p>
    <p class="buttons">${buttonForm(view, { action, text: account.hasOneTimeCode ? words.twoStepRenew : words.twoStepStart })}
    ${account.hasOneTimeCode && buttonForm(view, { action: `${action}/stop`, text: words.twoStepStop })}</p></section>`;
};

/** SPEC A12. */
export const accessSection = ({ view, context, actor, account }: AccountSight): Html => {
  const { account: words, accessLog } = view.texts;
  const accesses = context.store.accessLog.page({ user: account.user, limit: RECENT });
  return html`<section class="card"><h2>${words.accessLog}</h2>
    ${accesses.length === 0 ? html`<p class="empty">${accessLog.none}</p>` : accessTable(view, accesses, false)}
    ${actor.role !== 'user' && html`<p><a href="${address('/console/access-log', { user: account.user })}">${words.accessLogAll}</a></p>`}</section>`;
};

/** SPEC A5. */
export const deleteSection = (sight: AccountSight): Html | null => {
  const { view, actor, account } = sight;
  const { account: words } = view.texts;
  if (actor.role === 'user' || actor.id === account.id || !mayGovern(sight)) return null;
  return html`<section class="card"><h2>${words.delete}</h2><p class="hint">${words.deleteHint}</p>
    <p class="buttons"><a class="button danger" href="${accountPath(account)}/delete">${words.deleteOpen}</a></p></section>`;
};

/** What was made for the reader and is shown this once, if `key` is one of that. */
export const shownSection = ({ view, context, actor }: AccountSight, key: string | undefined): Html | null => {
  const { account: words } = view.texts;
  const secret = key === undefined ? null : context.shownOnce.take(actor.id, key);
  if (!secret) return null;
  const [title, hint] =
    secret.kind === 'password' ? [words.shownPassword, words.shownPasswordHint] : [words.shownSecret, words.shownSecretHint];
  return html`<section class="secret" role="status"><h2>${title}</h2><code translate="no">${secret.text}</code><p>${hint}</p></section>`;
};

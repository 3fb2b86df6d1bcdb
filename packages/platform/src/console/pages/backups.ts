import { html } from 'hono/html';
import { requestedDays } from '../../backups/backup-period.ts';
import { DAY, dayNumber } from '../../http/day-text.ts';
import { answerPart } from '../../http/part-answer.ts';
import { requireAdmin } from '../../office/permissions.ts';
import type { Account } from '../../store/accounts.ts';
import { BACKUP_PERIODS, BACKUP_STATES, type Backup, type BackupRequest, type BackupState } from '../../store/backups.ts';
import type { ConsoleApp, ConsoleContext, Html, PageRequest, View } from '../console-env.ts';
import { attempt, buttonForm, type Fields, type FormState, freshForm, readFields, renderForm, selectField, textField } from '../forms.ts';
import { renderPage } from '../layout.ts';
import { pageLinks, pageOf } from '../paging.ts';
import { address, empty, tag, time } from '../pieces.ts';
import { renderTable } from '../table.ts';
import { openAccount } from './account.ts';
import { accountPath } from './account-sections.ts';

const PATH = '/console/backups';
const TONES = { queued: '', preparing: '', ready: 'good', failed: 'bad', expired: 'warn' } as const satisfies Record<BackupState, string>;

const backupsPath = (account: Pick<Account, 'id'>): string => `${accountPath(account)}/backups`;

const periodText = ({ texts, formats }: View, { fromDay, toDay }: Backup): string => {
  const to = formats.day(toDay);
  return fromDay === null ? texts.backups.until(to) : texts.backups.fromTo(formats.day(fromDay), to);
};

const stateCell = (view: View, { state, reason, createdAt }: Backup): Html =>
  html`${tag(view.texts.backups.states[state], TONES[state])}<span class="under">${view.texts.backups.requested} ${time(view, createdAt)}</span>${reason !== null && html`<span class="under" lang="en">${reason}</span>`}`;

const partLinks = ({ texts, formats }: View, { id, accountId, state, parts }: Backup): Html | string => {
  const { backups: words } = texts;
  if (state !== 'ready') return '–';
  if (parts.length === 0) return words.noParts;
  const label = ({ number, sizeBytes }: Backup['parts'][number]): string =>
    words.part(formats.count(number), formats.count(parts.length), formats.size(sizeBytes));
  return html`<ul class="plain-list" aria-label="${words.parts}">${parts.map(
    (part) => html`<li><a href="${backupsPath({ id: accountId })}/${id}/parts/${part.number}">${label(part)}</a></li>`,
  )}</ul>`;
};

const backupTable = (view: View, { store }: ConsoleContext, backups: readonly Backup[], withAccount: boolean): Html => {
  const { backups: words } = view.texts;
  const mailbox = (backup: Backup): string => backup.mailbox?.path ?? words.all;
  const whose = ({ accountId }: Backup): Html =>
    html`<a href="${backupsPath({ id: accountId })}">${store.accounts.byId(accountId)?.user}</a>`;
  const remove = (backup: Backup): Html =>
    buttonForm(view, {
      action: `${backupsPath({ id: backup.accountId })}/${backup.id}/remove`,
      text: words.remove,
      label: words.removeOne(`${mailbox(backup)}, ${periodText(view, backup)}`),
      tone: 'small',
    });
  return renderTable(
    words.title,
    [
      ...(withAccount ? [{ title: words.account, cell: whose }] : []),
      { title: words.mailbox, cell: (backup: Backup) => html`${mailbox(backup)}<span class="under">${periodText(view, backup)}</span>` },
      { title: words.state, cell: (backup) => stateCell(view, backup) },
      { title: words.expiry, cell: ({ expiresAt }) => (expiresAt ? time(view, expiresAt) : '–') },
      { title: words.parts, cell: (backup) => partLinks(view, backup) },
      { title: view.texts.layout.actions, cell: remove },
    ],
    backups,
  );
};

/** Requests of all accounts, the newest first. */
const showAll = async (c: PageRequest, context: ConsoleContext) => {
  requireAdmin(c.var.account);
  const { view, account: actor } = c.var;
  const { backups: words } = view.texts;
  // Lets those expire whose time has come.
  await context.backups.list(actor.id);
  const all = BACKUP_STATES.flatMap((state) => context.store.backups.inState(state));
  const page = pageOf(
    c,
    all.toSorted((a, b) => b.createdAt.getTime() - a.createdAt.getTime()),
  );
  const body = html`<p class="lead">${words.explain}</p>
    ${all.length === 0 ? empty(words.none) : backupTable(view, context, page.rows, true)}
    ${pageLinks(view, page, (number) => address(PATH, { page: number }))}
    <p class="buttons"><a href="${backupsPath(actor)}">${words.request}</a></p>`;
  return c.html(renderPage(view, { title: words.title, path: PATH, section: 'backups', body }));
};

const requestFields = ({ texts }: View, { store }: ConsoleContext, form: FormState, account: Account): Html => {
  const { backups: words } = texts;
  const mailboxes = store.mailboxes.list(account.id).filter(({ selectable }) => selectable);
  return html`${selectField(form, {
    name: 'mailbox',
    label: words.mailbox,
    choices: [{ value: '', label: words.all }, ...mailboxes.map(({ id, path }) => ({ value: String(id), label: path }))],
  })}
    ${selectField(form, { name: 'period', label: words.period, choices: BACKUP_PERIODS.map((value) => ({ value, label: words.periods[value] })) })}
    <div class="pair">${textField(form, { name: 'from', label: words.from, type: 'date' })}
    ${textField(form, { name: 'to', label: words.to, hint: words.toHint, type: 'date' })}</div>`;
};

const showOf = async (c: PageRequest, context: ConsoleContext, state?: FormState) => {
  const account = openAccount(c, context);
  const { view, account: actor } = c.var;
  const { backups: words } = view.texts;
  const backups = (await context.backups.list(account.id)).toReversed();
  const form = state ?? freshForm('request', { period: 'whole' });
  const path = backupsPath(account);
  const body = html`<p class="lead">${words.explain}</p>
    ${backups.length === 0 ? empty(words.none) : backupTable(view, context, backups, false)}
    <section class="card"><h2>${words.request}</h2><p class="hint">${words.requestHint}</p>
    ${renderForm(view, form, { action: path, submit: words.submit, body: requestFields(view, context, form, account) })}</section>`;
  const above = actor.id === account.id ? {} : { above: { href: accountPath(account), label: account.name || account.user } };
  const page = { title: words.of(account.user), path, section: 'backups' as const, ...above, body };
  return c.html(renderPage(view, page), state ? 422 : 200);
};

/** What the fields ask for (SPEC B1, B8), or what is wrong with them. */
const readRequest = (
  c: PageRequest,
  { store, clock, now }: ConsoleContext,
  account: Account,
  values: Fields,
): BackupRequest | { errors: Fields } => {
  const { texts } = c.var.view;
  const { mailbox: wanted = '', from = '', to = '' } = values;
  const mailbox = wanted === '' ? null : store.mailboxes.byId(Number(wanted));
  const period = BACKUP_PERIODS.find((one) => one === values.period);
  if (wanted !== '' && mailbox?.accountId !== account.id) return { errors: { mailbox: texts.refusals['mailbox-missing'] } };
  if (period === undefined) return { errors: { period: texts.invalid.choice } };
  const isDay = (text: string): boolean => DAY.safeParse(text).success;
  if (period === 'range' && !(isDay(from) && isDay(to) && from <= to)) return { errors: { from: texts.backups.invalidDays } };
  const days = period === 'range' ? { kind: period, from: dayNumber(from), to: dayNumber(to) } : { kind: period };
  return { mailbox: mailbox && { id: mailbox.id, path: mailbox.path }, ...requestedDays(days, clock, now()) };
};

const request = async (c: PageRequest, context: ConsoleContext) => {
  const account = openAccount(c, context);
  const values = await readFields(c);
  const wanted = readRequest(c, context, account, values);
  const errors = 'errors' in wanted ? wanted.errors : await attempt(c.var.view, () => context.backups.request(account.id, wanted));
  return errors
    ? showOf(c, context, { id: 'request', values, errors })
    : c.redirect(address(backupsPath(account), { done: 'backup-requested' }), 303);
};

/** Backup requests with state and expiry, and their parts to download (SPEC B1-B7): of all accounts for administrators, or of one. */
export const addBackupPages = (app: ConsoleApp, context: ConsoleContext): void => {
  app.get('/backups', async (c) => (c.var.account.role === 'user' ? c.redirect(backupsPath(c.var.account), 303) : showAll(c, context)));
  app.get('/accounts/:id{\\d+}/backups', (c) => showOf(c, context));
  app.post('/accounts/:id{\\d+}/backups', (c) => request(c, context));
  app.post('/accounts/:id{\\d+}/backups/:backup/remove', async (c) => {
    const account = openAccount(c, context);
    await context.backups.delete(account.id, c.req.param('backup'));
    return c.redirect(address(backupsPath(account), { done: 'backup-deleted' }), 303);
  });
  app.get('/accounts/:id{\\d+}/backups/:backup/parts/:number{\\d{1,6}}', (c) => {
    const { backup: id, number } = c.req.param();
    return answerPart(c, context.backups, openAccount(c, context), { id, number: Number(number) });
  });
};

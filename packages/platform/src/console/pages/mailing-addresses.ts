import { html } from 'hono/html';
import { requireAdmin } from '../../office/permissions.ts';
import type { ConsoleApp, ConsoleContext, Html, PageRequest, View } from '../console-env.ts';
import {
  attempt,
  buttonForm,
  type Fields,
  type FormState,
  freshForm,
  readFields,
  renderForm,
  statusOf,
  textArea,
  textField,
} from '../forms.ts';
import { renderPage } from '../layout.ts';
import { empty } from '../pieces.ts';
import { renderTable } from '../table.ts';

const PATH = '/console/mailing-addresses';
const FIELD_OF = {
  'address-invalid': 'address',
  'address-taken': 'address',
  'address-outside': 'members',
  'too-many-recipients': 'members',
} as const;

const pathOf = (address: string): string => `${PATH}/${encodeURIComponent(address)}`;

const membersOf = ({ members = '' }: Fields): string[] => members.split(/[\s,;]+/).filter(Boolean);

const memberFields = ({ texts }: View, form: FormState): Html => html`
  ${textField(form, { name: 'name', label: texts.mailing.name, maxLength: 200 })}
  ${textArea(form, { name: 'members', label: texts.mailing.members, hint: texts.mailing.membersHint, rows: 8 })}`;

const showAll = (c: PageRequest, { store }: ConsoleContext, form: FormState = freshForm('add')) => {
  requireAdmin(c.var.account);
  const { view } = c.var;
  const { mailing: words } = view.texts;
  const addresses = store.directory.mailingAddresses();
  const list = renderTable(
    words.title,
    [
      { title: words.address, cell: ({ address }) => html`<a href="${pathOf(address)}">${address}</a>` },
      { title: words.name, cell: ({ name }) => name },
      { title: words.members, isNumber: true, cell: ({ members }) => view.formats.count(members.length) },
    ],
    addresses,
  );
  const addressField = textField(form, { name: 'address', label: words.address, inputMode: 'email', isRequired: true });
  const body = html`<p class="lead">${words.explain}</p>${addresses.length === 0 ? empty(words.none) : list}
    <section class="card"><h2>${words.add}</h2>${renderForm(view, form, {
      action: PATH,
      submit: words.submit,
      body: html`${addressField}${memberFields(view, form)}`,
    })}</section>`;
  return c.html(renderPage(view, { title: words.title, path: PATH, section: 'mailing', body }), statusOf(form));
};

const showOne = (c: PageRequest, { office }: ConsoleContext, state?: FormState) => {
  requireAdmin(c.var.account);
  const { view } = c.var;
  const { mailing: words, layout } = view.texts;
  const { address, name, members } = office.directory.mailingAddress(c.req.param('address') ?? '');
  const form = state ?? freshForm('change', { name, members: members.join('\n') });
  const path = pathOf(address);
  const body = html`<section class="card">${renderForm(view, form, { action: path, submit: layout.save, body: memberFields(view, form) })}</section>
    <section class="card"><h2>${words.remove}</h2><p class="hint">${words.removeHint}</p>
    <p class="buttons">${buttonForm(view, { action: `${path}/remove`, text: words.removeSubmit, tone: 'danger' })}</p></section>`;
  const above = { href: PATH, label: words.title };
  const page = { title: words.edit(address), path, section: 'mailing' as const, above, body };
  return c.html(renderPage(view, page), state ? 422 : 200);
};

/** Null when it is saved. */
const save = (c: PageRequest, { office }: ConsoleContext, address: string, values: Fields): Promise<Fields | null> => {
  const { account: actor, view } = c.var;
  const mailing = { address, name: (values.name ?? '').trim().slice(0, 200), members: membersOf(values) };
  return attempt(view, () => office.directory.saveMailingAddress(actor, mailing), FIELD_OF);
};

const add = async (c: PageRequest, context: ConsoleContext) => {
  const values = await readFields(c);
  const address = (values.address ?? '').trim();
  const isTaken = context.store.directory.mailingAddress(address) !== null;
  const errors = isTaken ? { address: c.var.view.texts.refusals['address-taken'] } : await save(c, context, address, values);
  return errors ? showAll(c, context, { id: 'add', values, errors }) : c.redirect(`${PATH}?done=saved`, 303);
};

const change = async (c: PageRequest, context: ConsoleContext) => {
  const values = await readFields(c);
  const { address } = context.office.directory.mailingAddress(c.req.param('address') ?? '');
  const errors = await save(c, context, address, values);
  return errors ? showOne(c, context, { id: 'change', values, errors }) : c.redirect(`${PATH}?done=saved`, 303);
};

/** Addresses that deliver to their members (SPEC A13). */
export const addMailingPages = (app: ConsoleApp, context: ConsoleContext): void => {
  app.get('/mailing-addresses', (c) => showAll(c, context));
  app.post('/mailing-addresses', (c) => add(c, context));
  app.get('/mailing-addresses/:address', (c) => showOne(c, context));
  app.post('/mailing-addresses/:address', (c) => change(c, context));
  app.post('/mailing-addresses/:address/remove', (c) => {
    context.office.directory.dropMailingAddress(c.var.account, c.req.param('address'));
    return c.redirect(`${PATH}?done=mailing-removed`, 303);
  });
};

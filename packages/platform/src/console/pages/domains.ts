import { html } from 'hono/html';
import { requireAdmin } from '../../office/permissions.ts';
import type { Domain } from '../../store/directory.ts';
import type { ConsoleApp, ConsoleContext, Html, PageRequest } from '../console-env.ts';
import { attempt, buttonForm, type FormState, freshForm, readFields, renderForm, selectField, statusOf, textField } from '../forms.ts';
import { renderPage } from '../layout.ts';
import { renderTable } from '../table.ts';

const PATH = '/console/domains';

const domainTable = (c: PageRequest, domains: readonly Domain[]): Html => {
  const { view, account: actor } = c.var;
  const { domains: words, account, layout } = view.texts;
  const remove = ({ name, aliasOf }: Domain): Html | string =>
    aliasOf === null
      ? ''
      : buttonForm(view, {
          action: `${PATH}/remove`,
          fields: { name },
          text: account.remove,
          label: account.removeOne(name),
          tone: 'small',
        });
  const actions =
    actor.role === 'super-admin' && domains.some(({ aliasOf }) => aliasOf !== null) ? [{ title: layout.actions, cell: remove }] : [];
  return renderTable(
    words.title,
    [
      { title: words.domain, cell: ({ name }: Domain) => name },
      { title: words.kind, cell: ({ aliasOf }) => aliasOf ?? words.own },
      ...actions,
    ],
    domains,
  );
};

const show = (c: PageRequest, { store }: ConsoleContext, form: FormState = freshForm('add')) => {
  requireAdmin(c.var.account);
  const { view, account: actor } = c.var;
  const { domains: words } = view.texts;
  const domains = store.directory.domains();
  const own = domains.filter(({ aliasOf }) => aliasOf === null).map(({ name }) => ({ value: name, label: name }));
  const fields = html`${textField(form, { name: 'name', label: words.alias, isRequired: true })}
    ${selectField(form, { name: 'aliasOf', label: words.standsFor, choices: own })}`;
  const body = html`<p class="lead">${words.explain}</p>${domainTable(c, domains)}
    ${
      actor.role === 'super-admin'
        ? html`<section class="card"><h2>${words.add}</h2>${renderForm(view, form, { action: PATH, submit: words.submit, body: fields })}</section>`
        : html`<p class="hint">${words.superOnly}</p>`
    }`;
  return c.html(renderPage(view, { title: words.title, path: PATH, section: 'domains', body }), statusOf(form));
};

const add = async (c: PageRequest, context: ConsoleContext) => {
  const values = await readFields(c);
  const { name = '', aliasOf = '' } = values;
  const create = (): void => context.office.directory.addAliasDomain(c.var.account, { name: name.trim(), aliasOf });
  const errors = await attempt(c.var.view, create, { 'address-invalid': 'name', 'address-taken': 'name', 'domain-unknown': 'aliasOf' });
  return errors ? show(c, context, { id: 'add', values, errors }) : c.redirect(`${PATH}?done=alias-added`, 303);
};

/** The domains of the office, and the aliases that deliver to them (SPEC A9). */
export const addDomainPages = (app: ConsoleApp, context: ConsoleContext): void => {
  app.get('/domains', (c) => show(c, context));
  app.post('/domains', (c) => add(c, context));
  app.post('/domains/remove', async (c) => {
    const { name = '' } = await readFields(c);
    context.office.directory.dropAliasDomain(c.var.account, name);
    return c.redirect(`${PATH}?done=alias-removed`, 303);
  });
};

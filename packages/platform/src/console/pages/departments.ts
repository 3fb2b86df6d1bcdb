import { html } from 'hono/html';
import type { OrgChartNode } from '../../office/org-directory.ts';
import { requireAdmin } from '../../office/permissions.ts';
import { PlatformError } from '../../platform-error.ts';
import type { Department } from '../../store/directory.ts';
import type { ConsoleApp, ConsoleContext, Html, PageRequest, View } from '../console-env.ts';
import { departmentChoices, departmentPaths, readDepartment } from '../departments.ts';
import {
  attempt,
  buttonForm,
  type Fields,
  type FormState,
  freshForm,
  readFields,
  renderForm,
  selectField,
  statusOf,
  textField,
} from '../forms.ts';
import { renderPage } from '../layout.ts';

const PATH = '/console/departments';
const FIELD_OF = { 'name-invalid': 'name', 'department-exists': 'name', 'department-missing': 'parent' } as const;

const people = ({ texts, formats }: View, { people: some }: Pick<OrgChartNode, 'people'>): Html | string =>
  some.length === 0
    ? ''
    : html`<details><summary>${texts.departments.people(formats.count(some.length))}</summary>
        <ul>${some.map(({ user, name, rank }) => html`<li>${name || user}${rank && ` · ${rank}`}${name && html`<span class="under">${user}</span>`}</li>`)}</ul></details>`;

const tree = (view: View, nodes: readonly OrgChartNode[]): Html =>
  html`<ul>${nodes.map(
    (node) =>
      html`<li><a class="node" href="${PATH}/${node.id}">${node.name}</a> ${people(view, node)}${node.departments.length > 0 && tree(view, node.departments)}</li>`,
  )}</ul>`;

const fields = ({ texts }: View, form: FormState, departments: readonly Department[]): Html => {
  const words = texts.departments;
  return html`${textField(form, { name: 'name', label: words.name, maxLength: 100, isRequired: true })}
    ${selectField(form, { name: 'parent', label: words.parent, choices: departmentChoices(departments, words.top) })}`;
};

const showAll = (c: PageRequest, { store, office }: ConsoleContext, form: FormState = freshForm('add')) => {
  requireAdmin(c.var.account);
  const { view } = c.var;
  const { departments: words } = view.texts;
  const chart = office.directory.orgChart();
  const body = html`<div class="columns"><section class="card tree"><h2>${words.chart}</h2>
      ${chart.departments.length === 0 ? html`<p class="empty">${words.none}</p>` : tree(view, chart.departments)}
      ${chart.people.length > 0 && html`<p><span class="under">${words.without}</span></p>${people(view, chart)}`}</section>
    <section class="card"><h2>${words.add}</h2>
      ${renderForm(view, form, { action: PATH, submit: words.submit, body: fields(view, form, store.directory.departments()) })}</section></div>`;
  return c.html(renderPage(view, { title: words.title, path: PATH, section: 'departments', body }), statusOf(form));
};

/** @throws PlatformError `department-missing` */
const openDepartment = (c: PageRequest, { store }: ConsoleContext): Department => {
  const id = Number(c.req.param('id'));
  const found = store.directory.departments().find((department) => department.id === id);
  if (!found) throw new PlatformError('department-missing', 'There is no such department');
  return found;
};

const showOne = (c: PageRequest, context: ConsoleContext, state?: FormState) => {
  requireAdmin(c.var.account);
  const { view } = c.var;
  const { departments: words, layout } = view.texts;
  const department = openDepartment(c, context);
  const all = context.store.directory.departments();
  const path = `${PATH}/${department.id}`;
  const values = { name: department.name, parent: department.parentId === null ? '' : String(department.parentId) };
  const form = state ?? freshForm('change', values);
  const others = all.filter(({ id }) => id !== department.id);
  const body = html`<p class="lead">${departmentPaths(all).get(department.id)}</p>
    <section class="card"><h2>${words.change}</h2>${renderForm(view, form, { action: path, submit: layout.save, body: fields(view, form, others) })}</section>
    <section class="card"><h2>${words.remove}</h2><p class="hint">${words.removeHint}</p>
      <p class="buttons">${buttonForm(view, { action: `${path}/remove`, text: words.removeSubmit, tone: 'danger' })}</p></section>`;
  const above = { href: PATH, label: words.title };
  const page = { title: words.edit(department.name), path, section: 'departments' as const, above, body };
  return c.html(renderPage(view, page), state ? 422 : 200);
};

/** Null at the top; -1, which no department has, for what is no choice. */
const parentOf = ({ parent }: Fields): number | null => {
  const read = readDepartment(parent);
  return read === undefined ? -1 : read;
};

const add = async (c: PageRequest, context: ConsoleContext) => {
  const values = await readFields(c);
  const { account: actor, view } = c.var;
  const create = (): unknown => context.office.directory.addDepartment(actor, parentOf(values), values.name ?? '');
  const errors = await attempt(view, create, FIELD_OF);
  return errors ? showAll(c, context, { id: 'add', values, errors }) : c.redirect(`${PATH}?done=department-added`, 303);
};

const change = async (c: PageRequest, context: ConsoleContext) => {
  const values = await readFields(c);
  const { account: actor, view } = c.var;
  const { id } = openDepartment(c, context);
  const save = (): void => context.office.directory.changeDepartment(actor, { id, parentId: parentOf(values), name: values.name ?? '' });
  const errors = await attempt(view, save, FIELD_OF);
  return errors ? showOne(c, context, { id: 'change', values, errors }) : c.redirect(`${PATH}?done=saved`, 303);
};

const remove = async (c: PageRequest, context: ConsoleContext) => {
  const { account: actor, view } = c.var;
  const { id, name, parentId } = openDepartment(c, context);
  const errors = await attempt(view, () => context.office.directory.dropDepartment(actor, id));
  const values = { name, parent: parentId === null ? '' : String(parentId) };
  return errors ? showOne(c, context, { id: 'change', values, errors }) : c.redirect(`${PATH}?done=department-removed`, 303);
};

/** Departments, as a tree with its people (SPEC A7). */
export const addDepartmentPages = (app: ConsoleApp, context: ConsoleContext): void => {
  app.get('/departments', (c) => showAll(c, context));
  app.post('/departments', (c) => add(c, context));
  app.get('/departments/:id{\\d+}', (c) => showOne(c, context));
  app.post('/departments/:id{\\d+}', (c) => change(c, context));
  app.post('/departments/:id{\\d+}/remove', (c) => remove(c, context));
};

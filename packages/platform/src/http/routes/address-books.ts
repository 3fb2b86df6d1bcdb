import { createHash } from 'node:crypto';
import { createRoute, z } from '@hono/zod-openapi';
import { CONTACT_FIELDS, type Contact, EMPTY_CONTACT } from '../../address-book/contact.ts';
import { EXPORT_ENCODINGS, lostFields, writeContacts } from '../../address-book/export-contacts.ts';
import { FORMS } from '../../address-book/form-table.ts';
import { readContacts } from '../../address-book/import-contacts.ts';
import { importOrgChart } from '../../address-book/import-org-chart.ts';
import { requireAdmin } from '../../office/permissions.ts';
import type { Account } from '../../store/accounts.ts';
import type { BookOwner, StoredContact } from '../../store/contacts.ts';
import { CSV_QUERY, csvBody, REJECTED_ROW, readCsvBody } from '../csv-body.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';
import { jsonAnswer, LOGGED_IN } from '../json-answer.ts';
import { jsonBody } from '../json-body.ts';
import { problems } from '../problem.ts';
import { PAGE_LIMIT } from '../schemas.ts';

const BOOK = z.enum(['mine', 'shared']);
const IMPORTED = z.enum(['ecount', 'excel', 'mailplug-book']);
const EXPORTED = z.enum(['ecount', 'outlook']);
const TEMPLATE = z.enum(['ecount', 'excel', 'mailplug-book', 'mailplug-org-chart', 'outlook']);
const FIELD = z.string().max(10_000);

const CONTACT_INPUT = z.strictObject({
  ...Object.fromEntries(CONTACT_FIELDS.map((field) => [field, FIELD.optional()])),
  name: FIELD.min(1),
  email: z
    .string()
    .max(320)
    .regex(/^[^\s@]+@[^\s@]+$/),
  others: z.record(z.string().max(1000), FIELD).optional().openapi({ description: 'Columns of an imported form that are no fields' }),
});

const CONTACT = z
  .object({
    id: z.number().int(),
    ...(Object.fromEntries(CONTACT_FIELDS.map((field) => [field, z.string()])) as Record<(typeof CONTACT_FIELDS)[number], z.ZodString>),
    others: z.record(z.string(), z.string()),
  })
  .openapi('Contact');

const contactView = ({ id, contact }: StoredContact): z.infer<typeof CONTACT> => ({ id, ...contact, others: { ...contact.others } });

const listContacts = createRoute({
  method: 'get',
  path: '/api/v1/address-books/{book}/contacts',
  summary: 'Contacts of an address book, all or those that a text stands in',
  security: LOGGED_IN,
  request: {
    params: z.object({ book: BOOK }),
    query: z.object({
      search: z.string().max(200).optional(),
      group: z.string().max(1000).optional(),
      after: z.coerce.number().int().min(0).default(0),
      limit: PAGE_LIMIT,
    }),
  },
  responses: {
    200: jsonAnswer(
      'One page; `next` is the `after` of the next one, null on the last',
      z.object({ contacts: z.array(CONTACT), total: z.number().int(), next: z.number().int().nullable() }),
    ),
    ...problems({ 400: 'request-invalid', 401: 'auth-required' }),
  },
});

const listGroups = createRoute({
  method: 'get',
  path: '/api/v1/address-books/{book}/groups',
  summary: 'The folders of an address book',
  security: LOGGED_IN,
  request: { params: z.object({ book: BOOK }) },
  responses: {
    200: jsonAnswer('By name', z.object({ groups: z.array(z.object({ name: z.string(), contacts: z.number().int() })) })),
    ...problems({ 400: 'request-invalid', 401: 'auth-required' }),
  },
});

const addContact = createRoute({
  method: 'post',
  path: '/api/v1/address-books/{book}/contacts',
  summary: 'Add a contact; to the shared address book, for administrators',
  security: LOGGED_IN,
  request: { params: z.object({ book: BOOK }), ...jsonBody(CONTACT_INPUT) },
  responses: { 201: jsonAnswer('Added', CONTACT), ...problems({ 400: 'request-invalid', 401: 'auth-required', 403: 'forbidden' }) },
});

const ONE = z.object({ book: BOOK, id: z.coerce.number().int().min(1) });

const changeContact = createRoute({
  method: 'put',
  path: '/api/v1/address-books/{book}/contacts/{id}',
  summary: 'Replace a contact',
  security: LOGGED_IN,
  request: { params: ONE, ...jsonBody(CONTACT_INPUT) },
  responses: {
    200: jsonAnswer('As it is now', CONTACT),
    ...problems({ 400: 'request-invalid', 401: 'auth-required', 403: 'forbidden', 404: 'contact-missing' }),
  },
});

const deleteContact = createRoute({
  method: 'delete',
  path: '/api/v1/address-books/{book}/contacts/{id}',
  summary: 'Remove a contact',
  security: LOGGED_IN,
  request: { params: ONE },
  responses: { 204: { description: 'Gone' }, ...problems({ 401: 'auth-required', 403: 'forbidden', 404: 'contact-missing' }) },
});

const IMPORT_ANSWER = z.object({
  form: TEMPLATE,
  encoding: z.string(),
  imported: z.number().int(),
  rejected: z.array(REJECTED_ROW),
  duplicates: z
    .array(z.object({ row: z.number().int(), firstRow: z.number().int() }))
    .openapi({ description: 'Rows with the address of an earlier one; imported as well' }),
  unknownColumns: z.array(z.string()).openapi({ description: 'Kept with the contacts' }),
});

const importFile = createRoute({
  method: 'post',
  path: '/api/v1/address-books/{book}/imports',
  summary: 'Import a CSV file of at most 1,000 rows; rows without a name or an address are left out',
  security: LOGGED_IN,
  request: {
    params: z.object({ book: BOOK }),
    headers: z.object({
      'idempotency-key': z.string().min(1).max(200).optional().openapi({
        description: 'The same key and file again give the same answer, and import nothing twice',
      }),
    }),
    query: z.object({ form: IMPORTED.optional().openapi({ description: 'Default: the one that the header row is like' }), ...CSV_QUERY }),
    ...csvBody,
  },
  responses: {
    201: jsonAnswer('What was imported and what was not', IMPORT_ANSWER),
    ...problems({
      400: 'request-invalid',
      401: 'auth-required',
      403: 'forbidden',
      409: 'idempotency-conflict',
      413: 'body-too-large',
      422: 'csv-invalid, too-many-rows: split the file',
    }),
  },
});

const EXPORT_QUERY = z.object({
  form: EXPORTED,
  encoding: z.enum(EXPORT_ENCODINGS).default('utf-8'),
  raw: z
    .enum(['true', 'false'])
    .default('false')
    .openapi({ description: 'True leaves cells as they are that a spreadsheet would take for formulas' }),
});

const exportFile = createRoute({
  method: 'get',
  path: '/api/v1/address-books/{book}/export',
  summary: 'The address book as a CSV file',
  security: LOGGED_IN,
  request: { params: z.object({ book: BOOK }), query: EXPORT_QUERY },
  responses: {
    200: {
      description: 'The file; fields that a contact lacks are blank. What the form can not hold is told by the export report',
      content: { 'text/csv': { schema: z.string().openapi({ format: 'binary' }) } },
    },
    ...problems({ 400: 'request-invalid', 401: 'auth-required', 422: 'not-encodable: CP949 lacks characters of some rows' }),
  },
});

const exportReport = createRoute({
  method: 'get',
  path: '/api/v1/address-books/{book}/export-report',
  summary: 'What an export in that form leaves out',
  security: LOGGED_IN,
  request: { params: z.object({ book: BOOK }), query: z.object({ form: EXPORTED }) },
  responses: {
    200: jsonAnswer(
      'Fields that the form has no column for',
      z.object({ contacts: z.number().int(), lost: z.array(z.object({ field: z.string(), contacts: z.number().int() })) }),
    ),
    ...problems({ 400: 'request-invalid', 401: 'auth-required' }),
  },
});

const getTemplate = createRoute({
  method: 'get',
  path: '/api/v1/address-book-forms/{form}',
  summary: 'An empty file with the header row of a form',
  security: LOGGED_IN,
  request: { params: z.object({ form: TEMPLATE }) },
  responses: {
    200: { description: 'The file', content: { 'text/csv': { schema: z.string() } } },
    ...problems({ 400: 'request-invalid', 401: 'auth-required' }),
  },
});

const importChart = createRoute({
  method: 'post',
  path: '/api/v1/org-chart/imports',
  summary: 'Put accounts into departments by a CSV file, for administrators; departments that are missing are made',
  security: LOGGED_IN,
  request: { query: z.object(CSV_QUERY), ...csvBody },
  responses: {
    200: jsonAnswer('Who was placed and who was not', z.object({ placed: z.number().int(), rejected: z.array(REJECTED_ROW) })),
    ...problems({ 401: 'auth-required', 403: 'forbidden', 413: 'body-too-large', 422: 'csv-invalid, too-many-rows' }),
  },
});

/** SPEC C5: administrators write the shared one, the whole office reads it. @throws PlatformError `forbidden` */
const ownerOf = (book: z.infer<typeof BOOK>, account: Account, isWriting: boolean): BookOwner => {
  if (book === 'mine') return account.id;
  if (isWriting) requireAdmin(account);
  return null;
};

const toContact = (input: z.infer<typeof CONTACT_INPUT>): Contact => {
  const given = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
  return { ...EMPTY_CONTACT, ...given };
};

const csvHeaders = (fileName: string): Record<string, string> => ({
  'content-type': 'text/csv; charset=utf-8',
  'content-disposition': `attachment; filename="${fileName}"`,
});

const addContactRoutes = (app: HttpApp, { store }: HttpContext): void => {
  app.openapi(listContacts, (c) => {
    const owner = ownerOf(c.req.valid('param').book, c.var.account, false);
    const { limit, ...query } = c.req.valid('query');
    const page = store.contacts.page(owner, { ...query, limit: limit + 1 });
    const contacts = page.slice(0, limit).map(contactView);
    return c.json({ contacts, total: store.contacts.count(owner), next: page.length > limit ? (contacts.at(-1)?.id ?? null) : null }, 200);
  });

  app.openapi(listGroups, (c) => c.json({ groups: store.contacts.groups(ownerOf(c.req.valid('param').book, c.var.account, false)) }, 200));

  app.openapi(addContact, (c) => {
    const owner = ownerOf(c.req.valid('param').book, c.var.account, true);
    const contact = toContact(c.req.valid('json'));
    const [id = 0] = store.contacts.add(owner, [contact]);
    return c.json(contactView({ id, contact }), 201);
  });

  app.openapi(changeContact, (c) => {
    const { book, id } = c.req.valid('param');
    store.contacts.open(ownerOf(book, c.var.account, true), id);
    const contact = toContact(c.req.valid('json'));
    store.contacts.update(id, contact);
    return c.json(contactView({ id, contact }), 200);
  });

  app.openapi(deleteContact, (c) => {
    const { book, id } = c.req.valid('param');
    store.contacts.delete(store.contacts.open(ownerOf(book, c.var.account, true), id).id);
    return c.body(null, 204);
  });
};

const addFileRoutes = (app: HttpApp, { store, office }: HttpContext): void => {
  app.openapi(importFile, async (c) => {
    const { book } = c.req.valid('param');
    const owner = ownerOf(book, c.var.account, true);
    const { form, ...options } = c.req.valid('query');
    const key = c.req.valid('header')['idempotency-key'];
    const table = await readCsvBody(c.req.raw, options);
    const request = createHash('sha256')
      .update(JSON.stringify([book, form, options, table]))
      .digest('hex');
    const keyed = key === undefined ? null : { accountId: c.var.account.id, key, request };
    const before = keyed && store.contacts.answerOf(keyed);
    if (before !== null) return c.json(IMPORT_ANSWER.parse(JSON.parse(before)), 201);
    const { form: used, contacts, rejected, duplicates, unknownColumns } = readContacts(table, form);
    const lists = { rejected: [...rejected], duplicates: [...duplicates], unknownColumns: [...unknownColumns] };
    const answer = { form: used, encoding: table.encoding, imported: contacts.length, ...lists };
    store.contacts.addOnce(
      owner,
      contacts.map(({ contact }) => contact),
      keyed,
      JSON.stringify(answer),
    );
    return c.json(answer, 201);
  });

  app.openapi(exportFile, (c) => {
    const { book } = c.req.valid('param');
    const { form, encoding, raw } = c.req.valid('query');
    const contacts = store.contacts.all(ownerOf(book, c.var.account, false));
    const file = writeContacts(FORMS[form], contacts, { encoding, isRaw: raw === 'true' });
    const headers = {
      ...csvHeaders(`${book}-${form}.csv`),
      'content-type': `text/csv; charset=${encoding === 'cp949' ? 'euc-kr' : encoding}`,
    };
    return c.body(new Uint8Array(file), 200, headers);
  });

  app.openapi(exportReport, (c) => {
    const contacts = store.contacts.all(ownerOf(c.req.valid('param').book, c.var.account, false));
    return c.json({ contacts: contacts.length, lost: lostFields(FORMS[c.req.valid('query').form], contacts) }, 200);
  });

  app.openapi(getTemplate, (c) => {
    const { form } = c.req.valid('param');
    const file = writeContacts(FORMS[form], [], { encoding: 'utf-8', isRaw: true });
    return c.body(new Uint8Array(file), 200, csvHeaders(`${form}.csv`));
  });

  app.openapi(importChart, async (c) => {
    requireAdmin(c.var.account);
    const { placed, rejected } = importOrgChart(store, office, c.var.account, await readCsvBody(c.req.raw, c.req.valid('query')));
    return c.json({ placed, rejected: [...rejected] }, 200);
  });
};

/** Address books, their files, and the org chart's. */
export const addAddressBookRoutes = (app: HttpApp, context: HttpContext): void => {
  addContactRoutes(app, context);
  addFileRoutes(app, context);
};

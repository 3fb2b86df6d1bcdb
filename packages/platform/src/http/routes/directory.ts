import { createRoute, z } from '@hono/zod-openapi';
import type { OrgChartNode } from '../../office/org-directory.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';
import { jsonAnswer, LOGGED_IN } from '../json-answer.ts';
import { jsonBody } from '../json-body.ts';
import { problems } from '../problem.ts';
import { openAccountFor } from './accounts.ts';

const PERSON = z.object({ user: z.string(), name: z.string(), rank: z.string() });
const NODE: z.ZodType<OrgChartNode> = z
  .object({
    id: z.number().int(),
    name: z.string(),
    people: z.array(PERSON).readonly(),
    get departments() {
      return z.array(NODE).readonly();
    },
  })
  .openapi('Department', { type: 'object', additionalProperties: true });
const DOMAIN = z.object({ name: z.string(), aliasOf: z.string().nullable() }).openapi('Domain');
const MAILING_ADDRESS = z.object({ address: z.string(), name: z.string(), members: z.array(z.string()) }).openapi('MailingAddress');
const ID = z.object({ id: z.coerce.number().int().min(1) });
const ADDRESS = z.object({ address: z.string() });
const OWNER = z.object({ user: z.string().openapi({ description: 'The whole address' }) });
const DEPARTMENT_NAME = z.string().min(1).max(100);

const getOrgChart = createRoute({
  method: 'get',
  path: '/api/v1/org-chart',
  summary: 'Departments and their people, open to all of the office',
  security: LOGGED_IN,
  responses: {
    200: jsonAnswer(
      'The tree, and the people who are in no department',
      z.object({ departments: z.array(NODE), people: z.array(PERSON).readonly() }),
    ),
    ...problems({ 401: 'auth-required' }),
  },
});

const addDepartment = createRoute({
  method: 'post',
  path: '/api/v1/departments',
  summary: 'Make a department, at the top or below another',
  security: LOGGED_IN,
  request: jsonBody(z.strictObject({ name: DEPARTMENT_NAME, parentId: z.number().int().nullable().default(null) })),
  responses: {
    201: jsonAnswer('Made', z.object({ id: z.number().int() })),
    ...problems({ 400: 'name-invalid', 401: 'auth-required', 403: 'forbidden', 404: 'department-missing', 409: 'department-exists' }),
  },
});

const changeDepartment = createRoute({
  method: 'put',
  path: '/api/v1/departments/{id}',
  summary: 'Rename or move a department',
  security: LOGGED_IN,
  request: { params: ID, ...jsonBody(z.strictObject({ name: DEPARTMENT_NAME, parentId: z.number().int().nullable() })) },
  responses: {
    204: { description: 'Changed' },
    ...problems({ 400: 'name-invalid', 401: 'auth-required', 403: 'forbidden', 404: 'department-missing', 409: 'department-exists' }),
  },
});

const dropDepartment = createRoute({
  method: 'delete',
  path: '/api/v1/departments/{id}',
  summary: 'Remove a department; its people stay, without one',
  security: LOGGED_IN,
  request: { params: ID },
  responses: {
    204: { description: 'Gone' },
    ...problems({ 401: 'auth-required', 403: 'forbidden', 404: 'department-missing', 409: 'department-not-empty' }),
  },
});

const listDomains = createRoute({
  method: 'get',
  path: '/api/v1/domains',
  summary: 'The domains of the office and their aliases',
  security: LOGGED_IN,
  responses: { 200: jsonAnswer('By name', z.object({ domains: z.array(DOMAIN) })), ...problems({ 401: 'auth-required' }) },
});

const addDomain = createRoute({
  method: 'post',
  path: '/api/v1/domains',
  summary: 'Add a domain that delivers to another one of the office',
  security: LOGGED_IN,
  request: jsonBody(z.strictObject({ name: z.string().max(253), aliasOf: z.string().max(253) })),
  responses: {
    204: { description: 'Mail for it is delivered from now on' },
    ...problems({ 400: 'address-invalid', 401: 'auth-required', 403: 'forbidden', 409: 'address-taken', 422: 'domain-unknown' }),
  },
});

const dropDomain = createRoute({
  method: 'delete',
  path: '/api/v1/domains/{name}',
  summary: 'Remove an alias domain',
  security: LOGGED_IN,
  request: { params: z.object({ name: z.string() }) },
  responses: { 204: { description: 'Gone' }, ...problems({ 401: 'auth-required', 403: 'forbidden', 422: 'domain-unknown' }) },
});

const listMailingAddresses = createRoute({
  method: 'get',
  path: '/api/v1/mailing-addresses',
  summary: 'Virtual addresses and the accounts that they deliver to',
  security: LOGGED_IN,
  responses: {
    200: jsonAnswer('By address', z.object({ mailingAddresses: z.array(MAILING_ADDRESS) })),
    ...problems({ 401: 'auth-required' }),
  },
});

const saveMailingAddress = createRoute({
  method: 'put',
  path: '/api/v1/mailing-addresses/{address}',
  summary: 'Make a mailing address, or replace its name and members',
  security: LOGGED_IN,
  request: {
    params: ADDRESS,
    ...jsonBody(z.strictObject({ name: z.string().max(200).default(''), members: z.array(z.string().max(320)).max(1000) })),
  },
  responses: {
    200: jsonAnswer('As it is now', MAILING_ADDRESS),
    ...problems({
      400: 'address-invalid',
      401: 'auth-required',
      403: 'forbidden',
      409: 'address-taken',
      422: 'address-outside: members are accounts of the office',
    }),
  },
});

const dropMailingAddress = createRoute({
  method: 'delete',
  path: '/api/v1/mailing-addresses/{address}',
  summary: 'Remove a mailing address',
  security: LOGGED_IN,
  request: { params: ADDRESS },
  responses: { 204: { description: 'Gone' }, ...problems({ 401: 'auth-required', 403: 'forbidden', 404: 'mailing-address-missing' }) },
});

const FORWARDS = z.object({ forwards: z.array(z.string()) });

const listForwards = createRoute({
  method: 'get',
  path: '/api/v1/accounts/{user}/forwards',
  summary: 'Where copies of arriving mail go',
  security: LOGGED_IN,
  request: { params: OWNER },
  responses: { 200: jsonAnswer('By address', FORWARDS), ...problems({ 401: 'auth-required', 403: 'forbidden', 404: 'account-unknown' }) },
});

const addForward = createRoute({
  method: 'put',
  path: '/api/v1/accounts/{user}/forwards/{address}',
  summary: 'Forward to another address of the office; the original stays',
  security: LOGGED_IN,
  request: { params: OWNER.extend(ADDRESS.shape) },
  responses: {
    200: jsonAnswer('All forwards of the account', FORWARDS),
    ...problems({
      401: 'auth-required',
      403: 'forbidden',
      404: 'account-unknown',
      409: 'too-many-forwards: 20 at most',
      422: 'address-outside',
    }),
  },
});

const dropForward = createRoute({
  method: 'delete',
  path: '/api/v1/accounts/{user}/forwards/{address}',
  summary: 'Forward there no longer',
  security: LOGGED_IN,
  request: { params: OWNER.extend(ADDRESS.shape) },
  responses: {
    204: { description: 'Gone' },
    ...problems({ 401: 'auth-required', 403: 'forbidden', 404: 'account-unknown, forward-missing' }),
  },
});

const addDepartmentRoutes = (app: HttpApp, { office }: HttpContext): void => {
  app.openapi(getOrgChart, (c) => c.json(office.directory.orgChart(), 200));

  app.openapi(addDepartment, (c) => {
    const { name, parentId } = c.req.valid('json');
    return c.json({ id: office.directory.addDepartment(c.var.account, parentId, name) }, 201);
  });

  app.openapi(changeDepartment, (c) => {
    office.directory.changeDepartment(c.var.account, { id: c.req.valid('param').id, ...c.req.valid('json') });
    return c.body(null, 204);
  });

  app.openapi(dropDepartment, (c) => {
    office.directory.dropDepartment(c.var.account, c.req.valid('param').id);
    return c.body(null, 204);
  });
};

const addAddressRoutes = (app: HttpApp, { store, office }: HttpContext): void => {
  app.openapi(listDomains, (c) => c.json({ domains: store.directory.domains() }, 200));

  app.openapi(addDomain, (c) => {
    office.directory.addAliasDomain(c.var.account, c.req.valid('json'));
    return c.body(null, 204);
  });

  app.openapi(dropDomain, (c) => {
    office.directory.dropAliasDomain(c.var.account, c.req.valid('param').name);
    return c.body(null, 204);
  });

  app.openapi(listMailingAddresses, (c) =>
    c.json({ mailingAddresses: store.directory.mailingAddresses().map((one) => ({ ...one, members: [...one.members] })) }, 200),
  );

  app.openapi(saveMailingAddress, (c) => {
    const saved = office.directory.saveMailingAddress(c.var.account, { address: c.req.valid('param').address, ...c.req.valid('json') });
    return c.json({ ...saved, members: [...saved.members] }, 200);
  });

  app.openapi(dropMailingAddress, (c) => {
    office.directory.dropMailingAddress(c.var.account, c.req.valid('param').address);
    return c.body(null, 204);
  });
};

const addForwardRoutes = (app: HttpApp, context: HttpContext): void => {
  const { store, office } = context;

  app.openapi(listForwards, (c) => {
    const { id } = openAccountFor(context, c.var.account, c.req.valid('param').user);
    return c.json({ forwards: store.directory.forwards(id) }, 200);
  });

  app.openapi(addForward, (c) => {
    const { user, address } = c.req.valid('param');
    const account = openAccountFor(context, c.var.account, user);
    office.directory.addForward(account, address);
    return c.json({ forwards: store.directory.forwards(account.id) }, 200);
  });

  app.openapi(dropForward, (c) => {
    const { user, address } = c.req.valid('param');
    office.directory.dropForward(openAccountFor(context, c.var.account, user), address);
    return c.body(null, 204);
  });
};

/** Departments, domains, mailing addresses and forwards. */
export const addDirectoryRoutes = (app: HttpApp, context: HttpContext): void => {
  addDepartmentRoutes(app, context);
  addAddressRoutes(app, context);
  addForwardRoutes(app, context);
};

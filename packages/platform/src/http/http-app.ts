import { OpenAPIHono } from '@hono/zod-openapi';
import { HTTPException } from 'hono/http-exception';
import { createConsole } from '../console/console-app.ts';
import { PlatformError } from '../platform-error.ts';
import { wasCutOff } from './cut-off.ts';
import type { HttpApp, HttpContext, HttpEnv } from './http-context.ts';
import { limitJson } from './json-body.ts';
import { problem, STATUS_BY_CODE } from './problem.ts';
import { addAccessLogRoutes } from './routes/access-log.ts';
import { addAccountRoutes } from './routes/account.ts';
import { addAccountsRoutes } from './routes/accounts.ts';
import { addAddressBookRoutes } from './routes/address-books.ts';
import { addBackupRoutes } from './routes/backups.ts';
import { addDirectoryRoutes } from './routes/directory.ts';
import { addExternalFetchRoutes } from './routes/external-fetches.ts';
import { addHousekeepingRoutes } from './routes/housekeeping.ts';
import { addMailboxCopyRoutes } from './routes/mailbox-copies.ts';
import { addMailboxRoutes } from './routes/mailboxes.ts';
import { addMigrationRoutes } from './routes/migrations.ts';
import { addPolicyRoutes } from './routes/policy.ts';
import { addSessionRoutes } from './routes/sessions.ts';
import { addUploadBodyRoutes, addUploadRoutes } from './routes/uploads.ts';

const LOG_IN_PATH = '/api/v1/sessions';

const newApp = (): HttpApp =>
  new OpenAPIHono<HttpEnv>({
    defaultHook: (result, c) => {
      if (result.success) return;
      const reasons = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
      return c.json(problem('request-invalid', reasons.join('; ')), STATUS_BY_CODE['request-invalid']);
    },
  });

const answerErrors = (app: HttpApp, onError: HttpContext['onError']): void => {
  app.onError((error, c) => {
    if (error instanceof PlatformError) return c.json(problem(error.code, error.message), STATUS_BY_CODE[error.code]);
    // Hono's own refusals of a body that it can't parse, or that has another type.
    if (error instanceof HTTPException && error.status < 500)
      return c.json(problem('request-invalid', error.message || 'JSON is wanted'), 400);
    if (!wasCutOff(c, error)) onError(error);
    return c.json(problem('internal', 'That failed here'), STATUS_BY_CODE.internal);
  });
  app.notFound((c) => c.json(problem('route-missing', 'There is nothing here'), STATUS_BY_CODE['route-missing']));
};

const requireLogIn = (app: HttpApp, { store, office }: HttpContext): void => {
  app.use('/api/v1/*', async (c, next) => {
    if (c.req.path === LOG_IN_PATH) return next();
    const [, token] = /^Bearer ([\w-]{1,100})$/i.exec(c.req.header('authorization') ?? '') ?? [];
    const account = token === undefined ? null : store.accounts.findBySession(token);
    if (!account || token === undefined) throw new PlatformError('auth-required', 'Log in first: POST /api/v1/sessions');
    const refusal = office.logIn.refusalOf(account, 'web');
    if (refusal) throw new PlatformError(refusal, 'This account is suspended');
    c.set('account', account);
    c.set('token', token);
    return next();
  });
};

/** The HTTP API with its OpenAPI document at `/openapi.json`. */
export const createHttpApp = (context: HttpContext): HttpApp => {
  const app = newApp();
  answerErrors(app, context.onError);
  requireLogIn(app, context);
  app.use('/api/v1/*', limitJson);
  addSessionRoutes(app, context);
  addAccountRoutes(app, context);
  addAccountsRoutes(app, context);
  addPolicyRoutes(app, context);
  addDirectoryRoutes(app, context);
  addAccessLogRoutes(app, context);
  addMailboxRoutes(app, context);
  addHousekeepingRoutes(app, context);
  addBackupRoutes(app, context);
  addMailboxCopyRoutes(app, context);
  addExternalFetchRoutes(app, context);
  addAddressBookRoutes(app, context);
  addMigrationRoutes(app, context);
  addUploadRoutes(app, context);
  addUploadBodyRoutes(app, context);
  app.get('/', (c) => c.redirect('/console'));
  app.route('/', createConsole(context));
  app.openAPIRegistry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer' });
  app.doc31('/openapi.json', { openapi: '3.1.0', info: { title: 'Mailferry platform', version: '1' } });
  return app;
};

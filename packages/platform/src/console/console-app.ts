import { Hono, type MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { html } from 'hono/html';
import { trimTrailingSlash } from 'hono/trailing-slash';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { wasCutOff } from '../http/cut-off.ts';
import type { HttpContext } from '../http/http-context.ts';
import { STATUS_BY_CODE } from '../http/problem.ts';
import { PlatformError } from '../platform-error.ts';
import type { ConsoleApp, ConsoleContext, ConsoleEnv, PageRequest } from './console-env.ts';
import { FORM_TOKEN_FIELD, formTokenOf, isFormToken, isFromHere } from './form-guard.ts';
import { createFormats } from './formats.ts';
import { readFields, refusalText } from './forms.ts';
import { chooseLanguage, languageOf, TEXTS } from './language.ts';
import { renderPage } from './layout.ts';
import { addAccessLogPage } from './pages/access-log.ts';
import { addAccountPages } from './pages/account.ts';
import { addAccountsPages } from './pages/accounts.ts';
import { addBackupPages } from './pages/backups.ts';
import { addDeleteAccountPages } from './pages/delete-account.ts';
import { addDepartmentPages } from './pages/departments.ts';
import { addDomainPages } from './pages/domains.ts';
import { addExceptionPages } from './pages/exceptions.ts';
import { addLogInPages, LOG_IN_PATH } from './pages/log-in.ts';
import { addMailingPages } from './pages/mailing-addresses.ts';
import { addOverviewPage } from './pages/overview.ts';
import { addPolicyPages } from './pages/policy.ts';
import { addUploadPages } from './pages/uploads.ts';
import { dropSession, sessionToken } from './session-cookie.ts';
import { ShownOnce } from './shown-once.ts';
import { STYLE, STYLE_PATH } from './style.ts';

const MAX_FORM_BYTES = 512 * 1024;
const POLICY = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

const headers: MiddlewareHandler = async (c, next) => {
  await next();
  c.header('content-security-policy', POLICY);
  c.header('x-content-type-options', 'nosniff');
  c.header('referrer-policy', 'same-origin');
  c.header('cross-origin-opener-policy', 'same-origin');
  if (c.res.headers.get('cache-control') === null) c.header('cache-control', 'no-store');
};

const limitForms = bodyLimit({
  maxSize: MAX_FORM_BYTES,
  onError: () => {
    throw new PlatformError('body-too-large', `A form has at most ${MAX_FORM_BYTES} bytes`);
  },
});

/** A page that only says something. */
const plainPage = (c: PageRequest, status: ContentfulStatusCode, { title, text }: { title: string; text: string }) => {
  const { view } = c.var;
  const body = html`<p>${text}</p><p class="buttons"><a href="/console">${view.texts.missing.back}</a></p>`;
  return c.html(renderPage(view, { title, path: '/console', body }), status);
};

const showErrors = (app: ConsoleApp, onError: (error: unknown) => void): void => {
  app.onError((error, c) => {
    const { texts } = c.var.view;
    if (!(error instanceof PlatformError)) {
      if (!wasCutOff(c, error)) onError(error);
      return plainPage(c, 500, texts.failed);
    }
    if (error.code === 'forbidden') return plainPage(c, 403, texts.forbidden);
    return plainPage(c, STATUS_BY_CODE[error.code], { title: texts.layout.error, text: refusalText(c.var.view, error.code) });
  });
};

/** Finds out who is asking, and in which language. */
const recognise = ({ store, office, clock }: ConsoleContext): MiddlewareHandler<ConsoleEnv> => {
  const formats = { ko: createFormats('ko', clock.timeZone), en: createFormats('en', clock.timeZone) };
  return async (c, next) => {
    const language = languageOf(c);
    const token = sessionToken(c);
    const found = token === null ? null : store.accounts.findBySession(token);
    const account = found && office.logIn.refusalOf(found, 'web') === null ? found : null;
    c.set('view', {
      language,
      texts: TEXTS[language],
      formats: formats[language],
      account,
      formToken: account && token !== null ? formTokenOf(token) : '',
      done: c.req.query('done') ?? null,
    });
    if (chooseLanguage(c) && c.req.method === 'GET') return c.redirect(withoutLanguage(c.req.url), 303);
    return next();
  };
};

/** Lets those through who are logged in, and forms that are ours. */
const admit: MiddlewareHandler<ConsoleEnv> = async (c, next) => {
  const { view } = c.var;
  const isForm = c.req.method === 'POST';
  if (isForm && !isFromHere(c)) return plainPage(c, 403, view.texts.guard);
  if (c.req.path === LOG_IN_PATH) return next();
  const token = sessionToken(c);
  if (!view.account || token === null) {
    dropSession(c);
    return c.redirect(token === null ? LOG_IN_PATH : `${LOG_IN_PATH}?ended=1`, 303);
  }
  if (isForm && !isFormToken((await readFields(c))[FORM_TOKEN_FIELD], token)) return plainPage(c, 403, view.texts.guard);
  c.set('account', view.account);
  c.set('token', token);
  return next();
};

const withoutLanguage = (url: string): string => {
  const { pathname, searchParams } = new URL(url);
  searchParams.delete('lang');
  return searchParams.size === 0 ? pathname : `${pathname}?${searchParams}`;
};

/** The web console of the office, to be mounted at `/console`: pages without a script, for the same sessions as the API's. */
export const createConsole = (context: HttpContext): ConsoleApp => {
  const app: ConsoleApp = new Hono<ConsoleEnv>().basePath('/console');
  const pages: ConsoleContext = { ...context, shownOnce: new ShownOnce(context.now) };
  showErrors(app, context.onError);
  app.use('*', headers);
  app.use('*', trimTrailingSlash());
  app.get(STYLE_PATH.slice('/console'.length), (c) =>
    c.body(STYLE, 200, { 'content-type': 'text/css; charset=utf-8', 'cache-control': 'public, max-age=31536000, immutable' }),
  );
  app.use('*', recognise(pages));
  app.use('*', limitForms);
  app.use('*', admit);
  addLogInPages(app, pages);
  addOverviewPage(app, pages);
  addAccountsPages(app, pages);
  addAccountPages(app, pages);
  addDeleteAccountPages(app, pages);
  addDepartmentPages(app, pages);
  addMailingPages(app, pages);
  addDomainPages(app, pages);
  addUploadPages(app, pages);
  addBackupPages(app, pages);
  addAccessLogPage(app, pages);
  addPolicyPages(app, pages);
  addExceptionPages(app, pages);
  app.all('*', (c) => plainPage(c, 404, c.var.view.texts.missing));
  return app;
};

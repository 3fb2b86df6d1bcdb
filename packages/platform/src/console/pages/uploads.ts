import { html } from 'hono/html';
import { PlatformError } from '../../platform-error.ts';
import type { Upload, UploadState } from '../../store/uploads.ts';
import type { ConsoleApp, ConsoleContext, Html, PageRequest, View } from '../console-env.ts';
import { renderPage } from '../layout.ts';
import { address, empty, tag, time } from '../pieces.ts';
import { renderTable } from '../table.ts';

const PATH = '/console/uploads';
const ROWS = 50;
const FAILURE_ROWS = 100;
const TONES = { 'awaiting-content': '', 'processing': '', 'complete': 'good', 'failed': 'bad' } as const satisfies Record<
  UploadState,
  string
>;

const readNumber = (text: string | undefined, otherwise: number): number => (/^\d{1,9}$/.test(text ?? '') ? Number(text) : otherwise);

const stateTag = ({ texts }: View, { state }: Upload): Html => tag(texts.uploads.states[state], TONES[state]);

const failedCount = ({ formats }: View, { failed }: Upload): Html | string =>
  failed === 0 ? formats.count(0) : html`<strong class="tag bad">${formats.count(failed)}</strong>`;

const mailboxOf = ({ texts }: View, { store }: ConsoleContext, { mailboxId }: Upload): string =>
  store.mailboxes.byId(mailboxId)?.path ?? texts.uploads.goneMailbox;

const uploadTable = (view: View, context: ConsoleContext, uploads: readonly Upload[], withAccount: boolean): Html => {
  const { uploads: words } = view.texts;
  const { formats } = view;
  const whose = (upload: Upload): string => context.store.accounts.byId(upload.accountId)?.user ?? '';
  return renderTable(
    words.title,
    [
      { title: words.file, cell: ({ id, fileName }: Upload) => html`<a href="${PATH}/${id}">${fileName}</a>` },
      ...(withAccount ? [{ title: words.account, cell: whose }] : []),
      { title: words.mailbox, cell: (upload) => mailboxOf(view, context, upload) },
      { title: words.state, cell: (upload) => stateTag(view, upload) },
      { title: words.succeeded, isNumber: true, cell: ({ succeeded }) => formats.count(succeeded) },
      { title: words.failed, isNumber: true, cell: (upload) => failedCount(view, upload) },
      { title: words.at, cell: ({ createdAt }) => time(view, createdAt) },
    ],
    uploads,
  );
};

const showList = (c: PageRequest, context: ConsoleContext) => {
  const { view, account: actor } = c.var;
  const { uploads: words, layout } = view.texts;
  const skip = readNumber(c.req.query('skip'), 0);
  const isAdmin = actor.role !== 'user';
  const found = context.store.uploads.newest(isAdmin ? null : actor.id, skip, ROWS + 1);
  const body = html`${found.length === 0 ? empty(words.none) : uploadTable(view, context, found.slice(0, ROWS), isAdmin)}
    <p class="pages">${skip > 0 && html`<a href="${PATH}">${layout.newest}</a>`}
    ${found.length > ROWS && html`<a rel="next" href="${address(PATH, { skip: String(skip + ROWS) })}">${layout.older}</a>`}</p>`;
  return c.html(renderPage(view, { title: words.title, path: PATH, section: 'uploads', body }));
};

/** @throws PlatformError `upload-missing`, also for another's where the reader is no administrator */
const openUpload = (c: PageRequest, { store }: ConsoleContext): Upload => {
  const upload = store.uploads.find(c.req.param('id') ?? '');
  const { account: actor } = c.var;
  if (!upload || (actor.role === 'user' && upload.accountId !== actor.id)) {
    throw new PlatformError('upload-missing', 'There is no such upload');
  }
  return upload;
};

const figures = (view: View, context: ConsoleContext, upload: Upload): Html => {
  const { uploads: words } = view.texts;
  const { formats } = view;
  const user = context.store.accounts.byId(upload.accountId)?.user ?? '';
  return html`<p class="lead">${user} · ${mailboxOf(view, context, upload)} · ${formats.size(upload.sizeBytes)} · ${time(view, upload.createdAt)}
    ${stateTag(view, upload)}</p>
    <dl class="figures"><div><dt>${words.total}</dt><dd class="figure">${formats.count(upload.total)}</dd></div>
    <div><dt>${words.succeeded}</dt><dd class="figure">${formats.count(upload.succeeded)}</dd></div>
    <div><dt>${words.failed}</dt><dd class="figure">${formats.count(upload.failed)}</dd></div></dl>`;
};

const failureList = (view: View, { store }: ConsoleContext, upload: Upload, after: number): Html => {
  const { uploads: words, layout } = view.texts;
  if (upload.failed === 0) return empty(upload.state === 'complete' ? words.failuresNone : words.failuresYet);
  const found = store.uploads.failures(upload.id, after, FAILURE_ROWS + 1);
  const failures = found.slice(0, FAILURE_ROWS);
  const next = found.length > FAILURE_ROWS ? failures.at(-1)?.index : undefined;
  const here = `${PATH}/${upload.id}`;
  return html`<h2>${words.failures}</h2><p class="hint">${words.failuresHint}</p>
    ${renderTable(
      words.failures,
      [
        { title: words.entry, cell: ({ name }) => name },
        { title: words.reason, cell: ({ code }) => words.codes[code] },
      ],
      failures,
    )}
    <p class="pages">${after >= 0 && html`<a href="${here}">${layout.first}</a>`}
    ${next !== undefined && html`<a rel="next" href="${address(here, { after: String(next) })}">${layout.next}</a>`}</p>`;
};

const showOne = (c: PageRequest, context: ConsoleContext) => {
  const upload = openUpload(c, context);
  const { view } = c.var;
  const { uploads: words } = view.texts;
  const failure =
    upload.state === 'failed' &&
    html`<div class="notice refused"><p>${words.whole}</p>${upload.reason && html`<p lang="en">${upload.reason}</p>`}</div>`;
  const after = readNumber(c.req.query('after'), -1);
  const body = html`${figures(view, context, upload)}${failure}${failureList(view, context, upload, after)}`;
  const above = { href: PATH, label: words.title };
  return c.html(renderPage(view, { title: upload.fileName, path: `${PATH}/${upload.id}`, section: 'uploads', above, body }));
};

/** Uploads with their counts, and each failure with its reason (SPEC U4): one's own, or all for administrators. */
export const addUploadPages = (app: ConsoleApp, context: ConsoleContext): void => {
  app.get('/uploads', (c) => showList(c, context));
  app.get('/uploads/:id', (c) => showOne(c, context));
};

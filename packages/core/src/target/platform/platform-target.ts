import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import { MailferryError } from '../../errors.ts';
import { type Mailbox, mailboxLevels } from '../../mail/mailbox.ts';
import type { EntryAnswer, TargetMailbox, TargetMessage, UploadTarget, ZipUpload } from '../upload-target.ts';
import { type HttpAnswer, type HttpClientOptions, type HttpRequest, sendRequest } from './http-client.ts';
import {
  accountAnswer,
  entriesAnswer,
  errorAnswer,
  mailboxAnswer,
  mailboxesAnswer,
  messagesAnswer,
  type PlatformMailbox,
  type PlatformUpload,
  sessionAnswer,
  uploadAnswer,
} from './platform-answers.ts';

export interface PlatformTargetOptions extends HttpClientOptions {
  readonly password: string;
}

const API = '/api/v1';
const PAGE_ROWS = 2000;
/** Looks like the slash that can't be in a name. */
const DIVISION_SLASH = '\u2215';
const FIRST_POLL_MS = 20;
/** An upload that the target works on without getting any further is given up; it can be asked for again. */
const LONGEST_QUIET_MS = 30 * 60_000;
const LONGEST_POLL_MS = 2000;

const toTargetMailbox = ({ id, path, messageCount }: PlatformMailbox): TargetMailbox => ({ id, path, messageCount });

/** The hosting platform as a target: ZIPs go up over its HTTP API. */
export class PlatformTarget implements UploadTarget {
  readonly identity: string;
  readonly #options: PlatformTargetOptions;
  #token: Promise<string> | undefined;

  constructor(options: PlatformTargetOptions) {
    this.#options = options;
    this.identity = `platform:${options.address.user}@${options.address.host.toLowerCase()}`;
  }

  async checkReady(signal: AbortSignal): Promise<void> {
    const { setUp } = await this.#call({ method: 'GET', path: `${API}/account` }, accountAnswer, 'the account', signal);
    const { user, host } = this.#options.address;
    if (!setUp) throw new MailferryError('target-account-not-set-up', { user, host });
  }

  async listMailboxes(signal: AbortSignal): Promise<TargetMailbox[]> {
    return (await this.#mailboxes(signal)).map(toTargetMailbox);
  }

  async ensureMailbox(mailbox: Mailbox, signal: AbortSignal): Promise<TargetMailbox> {
    const existing = await this.#mailboxes(signal);
    // A level may have the platform's delimiter in its name: that must not make two of it.
    const path = mailboxLevels(mailbox)
      .map((level) => level.replaceAll('/', DIVISION_SLASH))
      .join('/');
    const found =
      existing.find((candidate) => candidate.path === path) ??
      existing.find((candidate) => path.toUpperCase() === 'INBOX' && candidate.path === 'INBOX') ??
      existing.find((candidate) => mailbox.specialUse !== null && candidate.specialUse === mailbox.specialUse);
    if (found) return toTargetMailbox(found);
    const request = { method: 'POST', path: `${API}/mailboxes`, body: { path } } as const;
    return toTargetMailbox(await this.#call(request, mailboxAnswer, `mailbox ${path}`, signal));
  }

  async *upload(zip: ZipUpload, onSent: (sentBytes: number) => void, signal: AbortSignal): AsyncGenerator<EntryAnswer> {
    let upload = await this.#intend(zip, signal);
    if (upload.state === 'awaiting-content') upload = await this.#send(upload, zip, onSent, signal);
    let quietMs = 0;
    for (let waitMs = FIRST_POLL_MS; upload.state === 'processing'; waitMs = Math.min(waitMs * 2, LONGEST_POLL_MS)) {
      const before = upload.succeeded + upload.failed;
      await sleep(waitMs, undefined, { signal }).catch((cause: unknown) => {
        throw new MailferryError('cancelled', {}, { cause });
      });
      upload = await this.#call({ method: 'GET', path: `${API}/uploads/${upload.id}` }, uploadAnswer, zip.fileName, signal);
      quietMs = upload.succeeded + upload.failed > before ? 0 : quietMs + waitMs;
      if (quietMs > LONGEST_QUIET_MS)
        throw new MailferryError('target-failed', { host: this.#options.address.host, what: zip.fileName, reply: 'no progress' });
    }
    if (upload.state !== 'complete') throw this.#refused(zip.fileName, upload.reason ?? upload.state);
    onSent(zip.sizeBytes);
    yield* this.#answers(upload, zip.fileName, signal);
  }

  async *listMessages(mailbox: TargetMailbox, signal: AbortSignal): AsyncGenerator<TargetMessage> {
    for (let after: number | null = 0; after !== null; ) {
      const path = `${API}/mailboxes/${encodeURIComponent(mailbox.id)}/messages?after=${after}&limit=${PAGE_ROWS}`;
      const page: z.infer<typeof messagesAnswer> = await this.#call({ method: 'GET', path }, messagesAnswer, mailbox.path, signal);
      yield* page.messages;
      after = this.#later(after, page.next, mailbox.path);
    }
  }

  async close(): Promise<void> {
    this.#token = undefined;
  }

  async #mailboxes(signal: AbortSignal): Promise<PlatformMailbox[]> {
    return (await this.#call({ method: 'GET', path: `${API}/mailboxes` }, mailboxesAnswer, 'the list of mailboxes', signal)).mailboxes;
  }

  /** Tells the platform what will come; for a key that it knows already, the upload that it knows. */
  #intend(zip: ZipUpload, signal: AbortSignal): Promise<PlatformUpload> {
    const { fileName, sizeBytes, sha256, mailbox } = zip;
    const request: HttpRequest = {
      method: 'POST',
      path: `${API}/uploads`,
      headers: { 'idempotency-key': zip.idempotencyKey },
      body: { mailboxId: mailbox.id, fileName, sizeBytes, sha256 },
    };
    return this.#call(request, uploadAnswer, fileName, signal);
  }

  async #send(upload: PlatformUpload, zip: ZipUpload, onSent: (sentBytes: number) => void, signal: AbortSignal): Promise<PlatformUpload> {
    const path = `${API}/uploads/${upload.id}`;
    const manifest = Readable.from(manifestLines(zip.entries));
    const described = {
      method: 'PUT',
      path: `${path}/manifest`,
      headers: { 'content-type': 'application/jsonl' },
      body: manifest,
    } as const;
    this.#expect(await this.#authorized(described, signal), zip.fileName);
    let sentBytes = 0;
    const content = createReadStream(zip.path, { highWaterMark: 256 * 1024 });
    content.on('data', (piece) => {
      sentBytes += piece.length;
      onSent(sentBytes);
    });
    const headers = { 'content-type': 'application/zip', 'content-length': String(zip.sizeBytes) };
    return this.#call({ method: 'PUT', path: `${path}/content`, headers, body: content }, uploadAnswer, zip.fileName, signal);
  }

  async *#answers(upload: PlatformUpload, fileName: string, signal: AbortSignal): AsyncGenerator<EntryAnswer> {
    for (let after: number | null = -1; after !== null; ) {
      const path = `${API}/uploads/${upload.id}/entries?after=${after}&limit=${PAGE_ROWS}`;
      const page: z.infer<typeof entriesAnswer> = await this.#call({ method: 'GET', path }, entriesAnswer, fileName, signal);
      for (const { name, state, code, reason, sha256 } of page.entries) {
        if (state === 'stored' && sha256 !== null) yield { name, kind: 'stored', sha256 };
        else yield { name, kind: 'failed', error: entryError(code, reason) };
      }
      after = this.#later(after, page.next, fileName);
    }
  }

  /** Pages only go forward: a target that turns in circles is told so. */
  #later(after: number, next: number | null, what: string): number | null {
    if (next === null || next > after) return next;
    throw new MailferryError('protocol-violation', { host: this.#options.address.host, reason: `the pages of ${what} turn in circles` });
  }

  /** Logs in once; every call waits for it. */
  #logIn(signal: AbortSignal): Promise<string> {
    this.#token ??= (async () => {
      const { address, password } = this.#options;
      const answer = await sendRequest(
        this.#options,
        { method: 'POST', path: `${API}/sessions`, body: { user: address.user, password } },
        signal,
      );
      if (answer.status === 401 || answer.status === 403) {
        throw new MailferryError('auth-refused', { host: address.host, user: address.user, reply: replyOf(answer) });
      }
      return this.#read(answer, sessionAnswer, 'the log-in').token;
    })();
    const token = this.#token;
    // A log-in that failed is no answer for the next one.
    token.catch(() => {
      if (this.#token === token) this.#token = undefined;
    });
    return token;
  }

  /** With the session's token; a session that ran out is opened again, once, where the body can be sent again. */
  async #authorized(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
    const token = this.#logIn(signal);
    const answer = await this.#sendWith(await token, request, signal);
    if (answer.status !== 401 || request.body instanceof Readable) return answer;
    if (this.#token === token) this.#token = undefined;
    return this.#sendWith(await this.#logIn(signal), request, signal);
  }

  #sendWith(token: string, request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
    return sendRequest(this.#options, { ...request, headers: { ...request.headers, authorization: `Bearer ${token}` } }, signal);
  }

  async #call<Answer>(request: HttpRequest, shape: z.ZodType<Answer>, what: string, signal: AbortSignal): Promise<Answer> {
    return this.#read(await this.#authorized(request, signal), shape, what);
  }

  #read<Answer>(answer: HttpAnswer, shape: z.ZodType<Answer>, what: string): Answer {
    this.#expect(answer, what);
    const parsed = shape.safeParse(answer.body);
    if (parsed.success) return parsed.data;
    throw new MailferryError(
      'protocol-violation',
      { host: this.#options.address.host, reason: `the answer about ${what} has another form` },
      { cause: parsed.error },
    );
  }

  #expect(answer: HttpAnswer, what: string): void {
    if (answer.status >= 200 && answer.status < 300) return;
    const { host, user } = this.#options.address;
    const code = errorAnswer.safeParse(answer.body).data?.error.code;
    if (code === 'account-not-set-up') throw new MailferryError('target-account-not-set-up', { user, host });
    if (answer.status === 429) throw new MailferryError('server-busy', { host, reply: replyOf(answer) });
    if (answer.status >= 500) throw new MailferryError('target-failed', { host, what, reply: replyOf(answer) });
    throw this.#refused(what, replyOf(answer));
  }

  #refused(what: string, reply: string): MailferryError {
    return new MailferryError('target-refused', { host: this.#options.address.host, what, reply });
  }
}

const replyOf = ({ status, body }: HttpAnswer): string => errorAnswer.safeParse(body).data?.error.message ?? `HTTP ${status}`;

const entryError = (code: string | null, reason: string | null): MailferryError => {
  if (code === 'empty') return new MailferryError('upload-entry-empty', {});
  if (code === 'not-eml') return new MailferryError('upload-entry-not-eml', {});
  return new MailferryError('upload-entry-refused', { reply: reason ?? code ?? '?' });
};

/** RFC 9051 §9, flag: a system flag or keyword that IMAP can say. One that isn't can't be kept by any mailbox. */
const FLAG = /^\\?[!#$&'+,\-./0-9:;<=>?@A-Z[^_`a-z|}~]+$/;

function* manifestLines(entries: ZipUpload['entries']): Iterable<string> {
  for (const { name, flags, internalDate } of entries)
    yield `${JSON.stringify({ name, flags: flags.filter((flag) => FLAG.test(flag)), internalDate: internalDate?.toISOString() ?? null })}\n`;
}

import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import { MailferryError } from '../../errors.ts';
import { type Mailbox, mailboxLevels } from '../../mail/mailbox.ts';
import type { EntryAnswer, TargetMailbox, TargetMessage, UploadTarget, ZipUpload } from '../upload-target.ts';
import type { HttpRequest } from './http-client.ts';
import type { PlatformAddress } from './platform-address.ts';
import {
  accountAnswer,
  entriesAnswer,
  mailboxAnswer,
  mailboxesAnswer,
  messagesAnswer,
  type PlatformMailbox,
  type PlatformUpload,
  uploadAnswer,
} from './platform-answers.ts';
import { API, type PlatformSession } from './platform-session.ts';

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
  readonly #session: PlatformSession;
  readonly #address: PlatformAddress;

  constructor(session: PlatformSession) {
    this.#session = session;
    this.#address = session.address;
    this.identity = `platform:${this.#address.user}@${this.#address.host.toLowerCase()}`;
  }

  async checkReady(signal: AbortSignal): Promise<void> {
    const { setUp } = await this.#session.call({ method: 'GET', path: `${API}/account` }, accountAnswer, 'the account', signal);
    const { user, host } = this.#address;
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
    return toTargetMailbox(await this.#session.call(request, mailboxAnswer, `mailbox ${path}`, signal));
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
      upload = await this.#session.call({ method: 'GET', path: `${API}/uploads/${upload.id}` }, uploadAnswer, zip.fileName, signal);
      quietMs = upload.succeeded + upload.failed > before ? 0 : quietMs + waitMs;
      if (quietMs > LONGEST_QUIET_MS)
        throw new MailferryError('target-failed', { host: this.#address.host, what: zip.fileName, reply: 'no progress' });
    }
    if (upload.state !== 'complete') throw this.#session.refused(zip.fileName, upload.reason ?? upload.state);
    onSent(zip.sizeBytes);
    yield* this.#answers(upload, zip.fileName, signal);
  }

  async *listMessages(mailbox: TargetMailbox, signal: AbortSignal): AsyncGenerator<TargetMessage> {
    for (let after: number | null = 0; after !== null; ) {
      const path = `${API}/mailboxes/${encodeURIComponent(mailbox.id)}/messages?after=${after}&limit=${PAGE_ROWS}`;
      const page: z.infer<typeof messagesAnswer> = await this.#session.call({ method: 'GET', path }, messagesAnswer, mailbox.path, signal);
      yield* page.messages;
      after = this.#later(after, page.next, mailbox.path);
    }
  }

  async close(): Promise<void> {
    this.#session.close();
  }

  async #mailboxes(signal: AbortSignal): Promise<PlatformMailbox[]> {
    return (await this.#session.call({ method: 'GET', path: `${API}/mailboxes` }, mailboxesAnswer, 'the list of mailboxes', signal))
      .mailboxes;
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
    return this.#session.call(request, uploadAnswer, fileName, signal);
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
    this.#session.expect(await this.#session.send(described, signal), zip.fileName);
    let sentBytes = 0;
    const content = createReadStream(zip.path, { highWaterMark: 256 * 1024 });
    content.on('data', (piece) => {
      sentBytes += piece.length;
      onSent(sentBytes);
    });
    const headers = { 'content-type': 'application/zip', 'content-length': String(zip.sizeBytes) };
    return this.#session.call({ method: 'PUT', path: `${path}/content`, headers, body: content }, uploadAnswer, zip.fileName, signal);
  }

  async *#answers(upload: PlatformUpload, fileName: string, signal: AbortSignal): AsyncGenerator<EntryAnswer> {
    for (let after: number | null = -1; after !== null; ) {
      const path = `${API}/uploads/${upload.id}/entries?after=${after}&limit=${PAGE_ROWS}`;
      const page: z.infer<typeof entriesAnswer> = await this.#session.call({ method: 'GET', path }, entriesAnswer, fileName, signal);
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
    throw new MailferryError('protocol-violation', { host: this.#address.host, reason: `the pages of ${what} turn in circles` });
  }
}

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

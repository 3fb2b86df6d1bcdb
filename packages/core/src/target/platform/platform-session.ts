import { Readable } from 'node:stream';
import type { z } from 'zod';
import { MailferryError } from '../../errors.ts';
import { type HttpAnswer, type HttpClientOptions, type HttpRequest, sendRequest } from './http-client.ts';
import type { PlatformAddress } from './platform-address.ts';
import { errorAnswer, sessionAnswer } from './platform-answers.ts';

export interface PlatformSessionOptions extends HttpClientOptions {
  readonly password: string;
  /** Gives the code of two-step verification, each time that the platform asks for one (SPEC M4). */
  readonly oneTimeCode?: ((signal: AbortSignal) => Promise<string>) | undefined;
}

/** Below the origin. */
export const API = '/api/v1';

const codeOf = ({ body }: HttpAnswer): string | undefined => errorAnswer.safeParse(body).data?.error.code;

const replyOf = ({ status, body }: HttpAnswer): string => errorAnswer.safeParse(body).data?.error.message ?? `HTTP ${status}`;

/** An account's session at a hosting platform's HTTP API. */
export class PlatformSession {
  readonly #options: PlatformSessionOptions;
  #token: Promise<string> | undefined;

  constructor(options: PlatformSessionOptions) {
    this.#options = options;
  }

  get address(): PlatformAddress {
    return this.#options.address;
  }

  /** The next call logs in anew. */
  close(): void {
    this.#token = undefined;
  }

  /** Logs in once; every call waits for it. */
  #logIn(signal: AbortSignal): Promise<string> {
    this.#token ??= this.#openSession(signal);
    const token = this.#token;
    // A log-in that failed is no answer for the next one.
    token.catch(() => {
      if (this.#token === token) this.#token = undefined;
    });
    return token;
  }

  async #openSession(signal: AbortSignal): Promise<string> {
    const { address, password, oneTimeCode } = this.#options;
    const { host, user } = address;
    const logIn = (proof: Readonly<Record<string, string>>): Promise<HttpAnswer> =>
      sendRequest(this.#options, { method: 'POST', path: `${API}/sessions`, body: { user, password, ...proof } }, signal);
    let answer = await logIn({});
    if (codeOf(answer) === 'one-time-code-required') {
      if (!oneTimeCode) throw new MailferryError('one-time-code-missing', { host, user });
      answer = await logIn({ oneTimeCode: await oneTimeCode(signal) });
    }
    if (answer.status === 401 || answer.status === 403) throw new MailferryError('auth-refused', { host, user, reply: replyOf(answer) });
    return this.#read(answer, sessionAnswer, 'the log-in').token;
  }

  /** With the session's token; a session that ran out is opened again, once, where the body can be sent again. */
  async send(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
    const token = this.#logIn(signal);
    const answer = await this.#sendWith(await token, request, signal);
    if (answer.status !== 401 || request.body instanceof Readable) return answer;
    if (this.#token === token) this.#token = undefined;
    return this.#sendWith(await this.#logIn(signal), request, signal);
  }

  #sendWith(token: string, request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
    return sendRequest(this.#options, { ...request, headers: { ...request.headers, authorization: `Bearer ${token}` } }, signal);
  }

  /** Sends a request and reads its answer. `what` is what a person would call its subject. */
  async call<Answer>(request: HttpRequest, shape: z.ZodType<Answer>, what: string, signal: AbortSignal): Promise<Answer> {
    return this.#read(await this.send(request, signal), shape, what);
  }

  #read<Answer>(answer: HttpAnswer, shape: z.ZodType<Answer>, what: string): Answer {
    this.expect(answer, what);
    const parsed = shape.safeParse(answer.body);
    if (parsed.success) return parsed.data;
    throw new MailferryError(
      'protocol-violation',
      { host: this.#options.address.host, reason: `the answer about ${what} has another form` },
      { cause: parsed.error },
    );
  }

  /** @throws MailferryError where the answer is none that was hoped for */
  expect(answer: HttpAnswer, what: string): void {
    if (answer.status >= 200 && answer.status < 300) return;
    const { host, user } = this.#options.address;
    const code = codeOf(answer);
    if (code === 'account-not-set-up') throw new MailferryError('target-account-not-set-up', { user, host });
    if (answer.status === 429) throw new MailferryError('server-busy', { host, reply: replyOf(answer) });
    if (answer.status >= 500) throw new MailferryError('target-failed', { host, what, reply: replyOf(answer) });
    throw this.refused(what, replyOf(answer));
  }

  /** The error for what the platform won't do. */
  refused(what: string, reply: string): MailferryError {
    return new MailferryError('target-refused', { host: this.#options.address.host, what, reply });
  }
}

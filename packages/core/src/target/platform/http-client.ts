import { type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { MailferryError } from '../../errors.ts';
import { toNetworkError } from '../../net/network-error.ts';
import type { PlatformAddress } from './platform-address.ts';

/** An answer of the API is never bigger than this. */
const MAX_ANSWER_BYTES = 32 * 1024 * 1024;

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Path and query below the origin. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object goes as JSON, bytes as they are, a stream as it is, with its length declared in `headers`. */
  readonly body?: Readable | Buffer | Readonly<Record<string, unknown>>;
  /** The answer is a file, not JSON. */
  readonly isFile?: boolean;
}

export interface HttpAnswer {
  readonly status: number;
  /** The parsed JSON body; null when there is none; a Buffer where a file was asked for and sent. */
  readonly body: unknown;
}

export interface HttpClientOptions {
  readonly address: PlatformAddress;
  readonly ca: string | null;
  /** Longest silence of the server. */
  readonly stallMs: number;
}

const readBody = async (response: IncomingMessage, host: string, isFile: boolean): Promise<unknown> => {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of response as AsyncIterable<Buffer>) {
    length += piece.length;
    if (length > MAX_ANSWER_BYTES)
      throw new MailferryError('protocol-violation', { host, reason: `an answer of more than ${MAX_ANSWER_BYTES} bytes` });
    pieces.push(piece);
  }
  if (isFile && (response.statusCode ?? 0) < 300) return Buffer.concat(pieces, length);
  if (length === 0) return null;
  try {
    return JSON.parse(Buffer.concat(pieces, length).toString('utf8'));
  } catch (cause) {
    throw new MailferryError('protocol-violation', { host, reason: 'an answer that is no JSON' }, { cause });
  }
};

/** Sends one request and reads its answer, whatever its status. Errors: network errors, `protocol-violation`, `cancelled`. */
export const sendRequest = async (options: HttpClientOptions, request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> => {
  const { address, ca, stallMs } = options;
  const isStream = request.body instanceof Readable;
  const isJson = request.body !== undefined && !isStream && !Buffer.isBuffer(request.body);
  const body = isJson ? JSON.stringify(request.body) : request.body;
  const headers = { accept: 'application/json', ...(isJson ? { 'content-type': 'application/json' } : {}), ...request.headers };
  const url = new URL(request.path, address.origin);
  const settings = { method: request.method, headers, signal, timeout: stallMs };
  const outgoing: ClientRequest =
    url.protocol === 'https:' ? requestHttps(url, { ...settings, ...(ca === null ? {} : { ca }) }) : requestHttp(url, settings);
  outgoing.on('timeout', () => {
    outgoing.destroy(new MailferryError('connection-stalled', { host: address.host, port: address.port, seconds: stallMs / 1000 }));
  });
  try {
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      outgoing.once('response', resolve);
      outgoing.once('error', reject);
    });
    // A server may answer, and close, before it has read the whole body: then the answer counts.
    const sent = isStream ? pipeline(request.body as Readable, outgoing) : Promise.resolve(outgoing.end(body));
    const response = await Promise.race([answered, sent.then(() => answered)]);
    sent.catch(() => undefined);
    return { status: response.statusCode ?? 0, body: await readBody(response, address.host, request.isFile ?? false) };
  } catch (error) {
    outgoing.destroy();
    throw toNetworkError(error, address);
  }
};

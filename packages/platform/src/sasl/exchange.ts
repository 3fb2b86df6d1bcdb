import type { ClientStream } from '../net/client-stream.ts';
import type { Credentials, SaslMechanism } from './mechanisms.ts';

const MAX_RESPONSE_BYTES = 8 * 1024;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** The exchange ended without an attempt to log in. */
export class ExchangeBroken extends Error {
  override readonly name = 'ExchangeBroken';
  /** The client has closed its side: nothing more will come. */
  readonly isClosed: boolean;

  constructor(message: string, isClosed = false) {
    super(message);
    this.isClosed = isClosed;
  }
}

/** Sends a challenge as IMAP and POP3 do, and gives the response as it came. @throws ExchangeBroken, ClientGone, LineTooLong */
export const askForResponse = async (stream: ClientStream, challenge: string): Promise<string> => {
  await stream.write(`+ ${Buffer.from(challenge).toString('base64')}\r\n`);
  await stream.flush();
  const line = await stream.readLine(MAX_RESPONSE_BYTES);
  if (line === null) throw new ExchangeBroken('The connection ended', true);
  const response = line.toString('latin1');
  if (response === '*') throw new ExchangeBroken('Given up');
  return response;
};

/** `=` stands for an empty initial response, RFC 4959, RFC 5034. @throws ExchangeBroken */
const decodeResponse = (response: string): Buffer => {
  if (!BASE64.test(response)) throw new ExchangeBroken('That is no base64');
  return Buffer.from(response, 'base64');
};

/**
 * Runs one exchange of RFC 4422. Responses that are not of the mechanism's form give credentials of nobody, so that they count as a failed log-in.
 * @param initial the response that came with the command, null without one; `=` is an empty one
 * @throws ExchangeBroken, ClientGone, LineTooLong
 */
export const exchangeCredentials = async (
  stream: ClientStream,
  { challenges, read }: SaslMechanism,
  initial: string | null,
): Promise<Credentials> => {
  const responses = initial === null ? [] : [decodeResponse(initial === '=' ? '' : initial)];
  for (const challenge of challenges.slice(responses.length)) responses.push(decodeResponse(await askForResponse(stream, challenge)));
  return read(responses) ?? { user: '', proof: { password: '' } };
};

import createClient, { type Client } from 'openapi-fetch';
import type { components, paths } from './api-types.ts';

/** A client of the HTTP API, typed by its OpenAPI document: `client.GET('/api/v1/accounts/{user}', { params: { path: { user } } })`. */
export type PlatformClient = Client<paths>;

/** The bodies of the API by their names, such as `ApiSchemas['Account']`. */
export type ApiSchemas = components['schemas'];

export interface PlatformClientOptions {
  /** Without a slash at the end, as `Platform.httpUrl`. */
  readonly url: string;
  /** As `POST /api/v1/sessions` gives it. Without one only that route can be used. */
  readonly token?: string;
}

/** The caller looks at `error` or `data` of each answer; a network error is thrown. */
export const createPlatformClient = ({ url, token }: PlatformClientOptions): PlatformClient =>
  createClient<paths>({ baseUrl: url, ...(token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }) });

export interface Credentials {
  /** The whole address, or the part before @ where only one account has it. */
  readonly user: string;
  readonly password: string;
  /** Six digits, where the account has two-step verification. */
  readonly oneTimeCode?: string;
}

/** The platform said no; `code` is the `error.code` of the API. */
export class LogInRefused extends Error {
  override readonly name = 'LogInRefused';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** A client that is logged in. @throws LogInRefused; a network error */
export const logInToPlatform = async (url: string, credentials: Credentials): Promise<PlatformClient> => {
  const { data, error } = await createPlatformClient({ url }).POST('/api/v1/sessions', { body: { ...credentials } });
  if (!data) throw new LogInRefused(error?.error.code ?? 'unknown', error?.error.message ?? 'The log-in was refused');
  return createPlatformClient({ url, token: data.token });
};

import { randomBytes } from 'node:crypto';
import { open, realpath, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { MailferryError } from '@mailferry/core/errors';
import { type Credential, refreshTokens, type TokenSource, tokenCommand } from '@mailferry/core/source';
import type { AccountUrl } from './account-url.ts';
import type { CommandContext } from './command-context.ts';
import { given } from './given.ts';
import { optionInvalid } from './option-invalid.ts';
import type { TokenOptions } from './options.ts';
import { choosePassword, type PasswordWays, readPasswordFile } from './password.ts';

const OWNER_ONLY = 0o600;

/** How an account logs in: access tokens where options for them were given, else a password. Throws `option-invalid`, `cancelled`. */
export const chooseCredential = async (
  options: TokenOptions,
  ways: PasswordWays,
  account: AccountUrl,
  context: CommandContext,
): Promise<Credential> => {
  const tokens = await chooseTokens(options, context);
  if (!tokens) return { kind: 'password', password: await choosePassword(ways, account, context) };
  if (ways.file !== undefined || ways.variable !== undefined)
    throw optionInvalid('--oauth2-token-command', context.texts.text('reason.credential-two-kinds'));
  return { kind: 'oauth2', tokens: watched(tokens, context) };
};

/** No token is ever shown. */
const watched = (tokens: TokenSource, { secrets }: CommandContext): TokenSource => ({
  token: async (signal, refused) => {
    const token = await tokens.token(signal, refused);
    secrets.add(token);
    return token;
  },
});

const chooseTokens = async (options: TokenOptions, context: CommandContext): Promise<TokenSource | null> => {
  const command = options['oauth2-token-command'];
  const provider = options['oauth2-provider'];
  const clientId = options['oauth2-client-id'];
  const file = options['oauth2-refresh-token-file'];
  const secretFile = options['oauth2-client-secret-file'];
  const { texts, secrets } = context;
  const isRefresh = [provider, clientId, file, secretFile].some((option) => option !== undefined);
  if (command !== undefined && isRefresh) throw optionInvalid('--oauth2-token-command', texts.text('reason.oauth2-two-ways'));
  if (command !== undefined) return tokenCommand({ command });
  if (!isRefresh) return null;
  if (provider === undefined || clientId === undefined || file === undefined)
    throw optionInvalid('--oauth2-provider', texts.text('reason.oauth2-incomplete'));
  const refreshToken = await readPasswordFile('--oauth2-refresh-token-file', file, context);
  const clientSecret = secretFile === undefined ? undefined : await readPasswordFile('--oauth2-client-secret-file', secretFile, context);
  for (const secret of [refreshToken, clientSecret ?? '']) secrets.add(secret);
  return refreshTokens({
    provider: readProvider(provider, context),
    clientId,
    refreshToken,
    ...given({ clientSecret }),
    onRotated: async (rotated) => {
      secrets.add(rotated);
      await replaceFile(file, `${rotated}\n`);
    },
  });
};

const readProvider = (text: string, { texts }: CommandContext): 'google' | 'microsoft' | URL => {
  if (text === 'google' || text === 'microsoft') return text;
  if (URL.canParse(text) && text.startsWith('http')) return new URL(text);
  throw optionInvalid('--oauth2-provider', texts.text('reason.oauth2-provider'));
};

/** The old token may not work any more: the new one is safe on the disk before it is used. Throws `disk-failed`. */
const replaceFile = async (path: string, text: string): Promise<void> => {
  try {
    const place = await realpath(path);
    const temporary = `${place}.${randomBytes(6).toString('hex')}`;
    try {
      await writeDurably(temporary, text);
      await rename(temporary, place);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
    await syncFolder(dirname(place));
  } catch (cause) {
    throw new MailferryError('disk-failed', { path, reason: cause instanceof Error ? cause.message : String(cause) }, { cause });
  }
};

const writeDurably = async (path: string, text: string): Promise<void> => {
  await using file = await open(path, 'wx', OWNER_ONLY);
  await file.writeFile(text);
  await file.sync();
};

const syncFolder = async (path: string): Promise<void> => {
  // Windows doesn't open folders.
  if (process.platform === 'win32') return;
  await using folder = await open(path, 'r');
  await folder.sync();
};

import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type Platform, type PlatformEvent, type PlatformOptions, startPlatform } from '@mailferry/platform';
import type { CommandContext } from '../command-context.ts';
import { given } from '../given.ts';
import { optionInvalid } from '../option-invalid.ts';
import { readOptions, type ServeOptions, serveOptions } from '../options.ts';
import { readPasswordFile } from '../password.ts';
import type { Texts } from '../texts.ts';

/** A platform that runs, as it is shown to a person or a program. */
export interface RunningPlatform {
  readonly kind: 'platform';
  readonly host: string;
  readonly imapPort: number;
  /** Null where the office has POP3 and SMTP switched off. */
  readonly pop3Port: number | null;
  readonly smtpPort: number | null;
  readonly httpPort: number;
  readonly httpUrl: string;
  readonly directory: string | null;
  /** Who may do everything in the console; null where no account was named. */
  readonly superAdmin: string | null;
  /** `password` only where it was made up in this run. */
  readonly accounts: readonly { readonly user: string; readonly password: string | null }[];
}

const PASSWORD_BYTES = 12;

/** The options that name a port. */
const PORT_OPTIONS = { imapPort: '--imap-port', pop3Port: '--pop3-port', smtpPort: '--smtp-port', httpPort: '--http-port' } as const;

/** The option behind a system error, or a refusal of the data folder; null when it is nobody's option. */
const optionBehind = (error: NodeJS.ErrnoException & { port?: number }, options: PlatformOptions): string | null => {
  const { code, syscall, port } = error;
  if (code === 'address-invalid') return '--account';
  if (code?.startsWith('ERR_OSSL')) return '--tls-cert';
  // Of all that is given, Intl refuses only a time zone.
  if (error instanceof RangeError) return '--time-zone';
  if (code === 'EADDRNOTAVAIL' || syscall === 'getaddrinfo') return '--host';
  if (syscall === 'listen' || syscall === 'bind') {
    const names = Object.keys(PORT_OPTIONS) as (keyof typeof PORT_OPTIONS)[];
    return PORT_OPTIONS[names.find((name) => options[name] === port) ?? 'imapPort'];
  }
  return syscall !== undefined || code === 'directory-in-use' || code === 'directory-unreadable' ? '--data' : null;
};

/** Throws `option-invalid` where an option can't be used. */
const start = async (options: PlatformOptions, texts: Texts): Promise<Platform> => {
  try {
    return await startPlatform(options);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const option = optionBehind(error, options);
    if (option === null) throw error;
    throw optionInvalid(option, texts.text('reason.unusable', { cause: error.message }));
  }
};

/** Throws `option-invalid` for one that is none of the accounts. */
const superAdminOf = (options: ServeOptions, texts: Texts): string | null => {
  const { account: accounts, 'super-admin': wanted } = options;
  if (wanted !== undefined && !accounts.includes(wanted)) throw optionInvalid('--super-admin', texts.text('reason.super-admin'));
  return wanted ?? accounts[0] ?? null;
};

const readPem = async (option: string, path: string, texts: Texts): Promise<Buffer> => {
  try {
    return await readFile(path);
  } catch (error) {
    throw optionInvalid(option, texts.text('reason.unusable', { cause: error instanceof Error ? error.message : String(error) }));
  }
};

/** Throws `option-invalid` for one without the other, or a file that can't be read. */
const readTls = async (options: ServeOptions, texts: Texts): Promise<PlatformOptions['tls']> => {
  const { 'tls-cert': certPath, 'tls-key': keyPath } = options;
  if (certPath === undefined && keyPath === undefined) return undefined;
  if (certPath === undefined || keyPath === undefined) throw optionInvalid('--tls-cert', texts.text('reason.tls-pair'));
  return { cert: await readPem('--tls-cert', certPath, texts), key: await readPem('--tls-key', keyPath, texts) };
};

/** Starts the platform, hands over where it is, and keeps it running until `signal`. */
export const runPlatformServe = async (
  args: unknown,
  context: CommandContext,
  onStarted: (platform: RunningPlatform) => void,
  onEvent: (event: PlatformEvent) => void,
): Promise<void> => {
  const { texts, terminal, signal } = context;
  const options = readOptions(serveOptions, args, texts);
  const { host, data: directory, 'password-file': file, profile, quota: quotaBytes, 'time-zone': timeZone } = options;
  if (options.account.length === 0 && directory === undefined) throw optionInvalid('--account', texts.text('reason.accounts-missing'));
  const shared = file === undefined ? terminal.env.MAILFERRY_PLATFORM_PASSWORD : await readPasswordFile('--password-file', file, context);
  const superAdmin = superAdminOf(options, texts);
  const accounts = options.account.map((user) => ({
    user,
    password: shared || randomBytes(PASSWORD_BYTES).toString('base64url'),
    quotaBytes,
    ...(user === superAdmin ? { role: 'super-admin' as const } : {}),
  }));
  const ports = { imapPort: options['imap-port'], httpPort: options['http-port'] };
  const optionalPorts = given({ pop3Port: options['pop3-port'], smtpPort: options['smtp-port'] });
  const tls = await readTls(options, texts);
  const platform = await start(
    { host, ...ports, ...optionalPorts, accounts, ...given({ directory, profile, timeZone, tls }), onEvent },
    texts,
  );
  try {
    const { imapPort, httpPort, httpUrl } = platform;
    const isOn = platform.office.policy.pop3Smtp;
    onStarted({
      kind: 'platform',
      host,
      imapPort,
      pop3Port: isOn ? platform.pop3Port : null,
      smtpPort: isOn ? platform.smtpPort : null,
      httpPort,
      httpUrl,
      directory: directory ?? null,
      superAdmin,
      accounts: accounts.map(({ user, password }) => ({ user, password: shared ? null : password })),
    });
    await new Promise<void>((resolve) => (signal.aborted ? resolve() : signal.addEventListener('abort', () => resolve(), { once: true })));
  } finally {
    await platform.stop();
  }
};

import { randomBytes } from 'node:crypto';
import { type Platform, type PlatformOptions, startPlatform } from '@mailferry/platform';
import type { CommandContext } from '../command-context.ts';
import { given } from '../given.ts';
import { optionInvalid } from '../option-invalid.ts';
import { readOptions, serveOptions } from '../options.ts';
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
  /** `password` only where it was made up in this run. */
  readonly accounts: readonly { readonly user: string; readonly password: string | null }[];
}

const PASSWORD_BYTES = 12;

/** The options that name a port. */
const PORT_OPTIONS = { imapPort: '--imap-port', pop3Port: '--pop3-port', smtpPort: '--smtp-port', httpPort: '--http-port' } as const;

/** The option behind a system error, or a refusal of the data folder; null when it is nobody's option. */
const optionBehind = ({ code, syscall, port }: NodeJS.ErrnoException & { port?: number }, options: PlatformOptions): string | null => {
  if (code === 'EADDRNOTAVAIL' || syscall === 'getaddrinfo') return '--host';
  if (syscall === 'listen' || syscall === 'bind') {
    const names = Object.keys(PORT_OPTIONS) as (keyof typeof PORT_OPTIONS)[];
    return PORT_OPTIONS[names.find((name) => options[name] === port) ?? 'imapPort'];
  }
  return syscall !== undefined || code === 'directory-in-use' || code === 'directory-unreadable' ? '--data' : null;
};

/** Throws `option-invalid` where a port, the host or the folder can't be used. */
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

/** Starts the platform, hands over where it is, and keeps it running until `signal`. */
export const runPlatformServe = async (
  args: unknown,
  context: CommandContext,
  onStarted: (platform: RunningPlatform) => void,
): Promise<void> => {
  const { texts, terminal, signal } = context;
  const options = readOptions(serveOptions, args, texts);
  const { host, data: directory, 'password-file': file } = options;
  if (options.account.length === 0 && directory === undefined) throw optionInvalid('--account', texts.text('reason.accounts-missing'));
  const shared = file === undefined ? terminal.env.MAILFERRY_PLATFORM_PASSWORD : await readPasswordFile('--password-file', file, context);
  const accounts = options.account.map((user) => ({ user, password: shared || randomBytes(PASSWORD_BYTES).toString('base64url') }));
  const ports = { imapPort: options['imap-port'], httpPort: options['http-port'] };
  const optionalPorts = given({ pop3Port: options['pop3-port'], smtpPort: options['smtp-port'] });
  const platform = await start({ host, ...ports, ...optionalPorts, accounts, ...given({ directory }) }, texts);
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
      accounts: accounts.map(({ user, password }) => ({ user, password: shared ? null : password })),
    });
    await new Promise<void>((resolve) => (signal.aborted ? resolve() : signal.addEventListener('abort', () => resolve(), { once: true })));
  } finally {
    await platform.stop();
  }
};

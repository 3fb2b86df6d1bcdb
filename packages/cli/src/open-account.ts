import { type MailSource, openSource } from '@mailferry/core/source';
import {
  type AddressBookTarget,
  type AppendTarget,
  openAddressBooks,
  openImapTarget,
  openTarget,
  type UploadTarget,
} from '@mailferry/core/target';
import type { AccountUrl } from './account-url.ts';
import type { CommandContext } from './command-context.ts';
import { chooseCredential } from './credential.ts';
import { given } from './given.ts';
import { chooseOneTimeCode } from './one-time-code.ts';
import type { ImapTargetOptions, SourceOptions, TargetOptions } from './options.ts';
import { choosePassword } from './password.ts';
import type { FromOption } from './source-account.ts';

/** The source of the options, with what it takes to log in. The caller closes it. */
export const openSourceAccount = async (options: SourceOptions, from: FromOption, context: CommandContext): Promise<MailSource> => {
  const mboxFormat = options['mbox-format'];
  if (from.kind === 'files') return openSource({ url: from.url, ...given({ mboxFormat }) });
  const master = options['from-master-user'];
  const logInAs = master === undefined ? undefined : `${from.account.user}${options['from-master-separator']}${master}`;
  return openSource({
    url: from.account.url,
    credential: await chooseCredential(
      options,
      { side: 'from', file: options['from-password-file'], variable: options['from-password-env'] },
      { ...from.account, user: logInAs ?? from.account.user },
      context,
    ),
    allowInsecure: options['allow-insecure'],
    compress: options.compress,
    ...given({
      caFile: options['from-ca-file'],
      fingerprint: options['from-fingerprint'],
      connections: options.connections,
      logInAs,
    }),
  });
};

/** The target of the options, with its password. The caller closes it. */
export const openTargetAccount = async (options: TargetOptions, account: AccountUrl, context: CommandContext): Promise<UploadTarget> => {
  const ways = { side: 'to', file: options['to-password-file'], variable: options['to-password-env'] } as const;
  return openTarget({
    url: account.url,
    password: await choosePassword(ways, account, context),
    allowInsecure: options['allow-insecure'],
    ...given({ caFile: options['to-ca-file'], oneTimeCode: chooseOneTimeCode('to', options['to-code-command'], account, context) }),
  });
};

type AddressBookOptions<Side extends string> = {
  readonly [Option in `${Side}-${'password-file' | 'password-env' | 'ca-file' | 'code-command'}`]?: string | undefined;
} & {
  readonly 'allow-insecure': boolean;
};

/** The address books of `--to` or `--from`, with what it takes to log in. */
export const openAddressBookAccount = async <Side extends 'from' | 'to'>(
  side: Side,
  options: AddressBookOptions<Side>,
  account: AccountUrl,
  context: CommandContext,
): Promise<AddressBookTarget> => {
  const ways = { side, file: options[`${side}-password-file`], variable: options[`${side}-password-env`] };
  return openAddressBooks({
    url: account.url,
    password: await choosePassword(ways, account, context),
    allowInsecure: options['allow-insecure'],
    ...given({
      caFile: options[`${side}-ca-file`],
      oneTimeCode: chooseOneTimeCode(side, options[`${side}-code-command`], account, context),
    }),
  });
};

/** The IMAP account of `--to`, with what it takes to log in. The caller closes it. */
export const openImapTargetAccount = async (
  options: ImapTargetOptions,
  account: AccountUrl,
  context: CommandContext,
): Promise<AppendTarget> => {
  const master = options['to-master-user'];
  const logInAs = master === undefined ? undefined : `${account.user}${options['to-master-separator']}${master}`;
  const ways = { side: 'to', file: options['to-password-file'], variable: options['to-password-env'] } as const;
  return openImapTarget({
    url: account.url,
    credential: await chooseCredential(options, ways, { ...account, user: logInAs ?? account.user }, context),
    allowInsecure: options['allow-insecure'],
    ...given({ caFile: options['to-ca-file'], fingerprint: options['to-fingerprint'], connections: options.connections, logInAs }),
  });
};

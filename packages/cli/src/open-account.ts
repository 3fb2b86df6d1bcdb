import { type MailSource, openSource } from '@mailferry/core/source';
import { openTarget, type UploadTarget } from '@mailferry/core/target';
import type { AccountUrl } from './account-url.ts';
import type { CommandContext } from './command-context.ts';
import { given } from './given.ts';
import type { SourceOptions, TargetOptions } from './options.ts';
import { choosePassword } from './password.ts';

/** The source of the options, with its password. The caller closes it. */
export const openSourceAccount = async (options: SourceOptions, account: AccountUrl, context: CommandContext): Promise<MailSource> => {
  const ways = { side: 'from', file: options['from-password-file'], variable: options['from-password-env'] } as const;
  return openSource({
    url: account.url,
    credential: { kind: 'password', password: await choosePassword(ways, account, context) },
    allowInsecure: options['allow-insecure'],
    ...given({ caFile: options['from-ca-file'], connections: options.connections }),
  });
};

/** The target of the options, with its password. The caller closes it. */
export const openTargetAccount = async (options: TargetOptions, account: AccountUrl, context: CommandContext): Promise<UploadTarget> => {
  const ways = { side: 'to', file: options['to-password-file'], variable: options['to-password-env'] } as const;
  return openTarget({
    url: account.url,
    password: await choosePassword(ways, account, context),
    allowInsecure: options['allow-insecure'],
    ...given({ caFile: options['to-ca-file'] }),
  });
};

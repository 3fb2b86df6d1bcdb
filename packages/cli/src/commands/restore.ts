import { resolve } from 'node:path';
import { ArchiveReader } from '@mailferry/core/archive';
import { type RestoreReport, restore } from '@mailferry/core/operations';
import { readImapTargetUrl } from '../account-url.ts';
import { readIdentity } from '../archive-keys.ts';
import type { CommandContext } from '../command-context.ts';
import { requireConsent } from '../consent.ts';
import { readFilter } from '../filter.ts';
import { given } from '../given.ts';
import { openImapTargetAccount } from '../open-account.ts';
import { readOptions, restoreOptions } from '../options.ts';

export const runRestore = async (args: unknown, context: CommandContext): Promise<RestoreReport> => {
  const { texts, signal, onProgress } = context;
  const options = readOptions(restoreOptions, args, texts);
  const filter = readFilter(options, texts);
  const directory = resolve(options.path);
  const to = readImapTargetUrl(options.to, texts);
  const reader = await ArchiveReader.open({ directory, identities: await readIdentity(options), signal });
  if (!options['dry-run']) await requireConsent(options.yes, texts.text('ask.consent-restore', { from: directory, to: to.url }), context);
  const target = await openImapTargetAccount(options, to, context);
  const journal = options.journal;
  try {
    return await restore({
      reader,
      directory,
      target,
      filter,
      ...given({ under: options.under, journalDirectory: journal === undefined ? undefined : resolve(journal) }),
      asListed: options['as-listed'],
      sendUncertain: options['send-uncertain'],
      isDryRun: options['dry-run'],
      onProgress,
      signal,
    });
  } finally {
    await target.close();
  }
};

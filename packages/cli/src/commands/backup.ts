import { resolve } from 'node:path';
import { type BackupReport, backup, type PlanReport, planBackup } from '@mailferry/core/operations';
import { readEncryption, readSigner } from '../archive-keys.ts';
import type { CommandContext } from '../command-context.ts';
import { requireConsent } from '../consent.ts';
import { readFilter } from '../filter.ts';
import { given } from '../given.ts';
import { openSourceAccount } from '../open-account.ts';
import { backupOptions, readOptions } from '../options.ts';
import { checkCanDelete, readFrom } from '../source-account.ts';

export const runBackup = async (args: unknown, context: CommandContext): Promise<BackupReport | PlanReport> => {
  const { texts, signal, onProgress } = context;
  const options = readOptions(backupOptions, args, texts);
  const filter = readFilter(options, texts);
  const from = await readFrom(options, context);
  if (options['delete-after-pull']) checkCanDelete(from, texts);
  const keys = given({ signer: await readSigner(options), recipients: await readEncryption(options, texts) });
  const isDryRun = options['dry-run'];
  if (options['delete-after-pull'] && !isDryRun)
    await requireConsent(options.yes, texts.text('ask.consent-delete', { from: options.from }), context);
  const source = await openSourceAccount(options, from, context);
  try {
    const directory = resolve(options.out);
    if (isDryRun) return await planBackup({ of: 'backup', source, directory, filter, rebind: options.rebind, onProgress, signal });
    return await backup({
      ...keys,
      source,
      directory,
      forUpload: options['for-upload'],
      filter,
      rebind: options.rebind,
      removeAfter: options['delete-after-pull'],
      language: texts.language,
      onProgress,
      signal,
      ...given({ partLimitBytes: options['part-size'] }),
    });
  } finally {
    await source.close();
  }
};

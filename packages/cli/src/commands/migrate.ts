import { resolve } from 'node:path';
import { type MigrationReport, migrate } from '@mailferry/core/operations';
import { readTargetUrl } from '../account-url.ts';
import type { CommandContext } from '../command-context.ts';
import { requireConsent } from '../consent.ts';
import { readFilter } from '../filter.ts';
import { openSourceAccount, openTargetAccount } from '../open-account.ts';
import { migrateOptions, readOptions } from '../options.ts';
import { checkCanDelete, readFrom } from '../source-account.ts';

export const runMigrate = async (args: unknown, context: CommandContext): Promise<MigrationReport> => {
  const { texts, signal, onProgress } = context;
  const options = readOptions(migrateOptions, args, texts);
  const filter = readFilter(options, texts);
  const from = await readFrom(options, context);
  if (options['delete-after-pull']) checkCanDelete(from, texts);
  const to = readTargetUrl(options.to, options['allow-insecure'], texts);
  await requireConsent(
    options.yes,
    texts.text(options['delete-after-pull'] ? 'ask.consent-moved' : 'ask.consent', { from: options.from, to: to.url }),
    context,
  );
  const source = await openSourceAccount(options, from, context);
  try {
    const target = await openTargetAccount(options, to, context);
    try {
      return await migrate({
        source,
        target,
        directory: resolve(options.archive),
        filter,
        rebind: options.rebind,
        removeAfter: options['delete-after-pull'],
        language: texts.language,
        onProgress,
        signal,
      });
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
};

import { resolve } from 'node:path';
import { type MigrationReport, migrate } from '@mailferry/core/operations';
import { readSourceUrl, readTargetUrl } from '../account-url.ts';
import type { CommandContext } from '../command-context.ts';
import { requireConsent } from '../consent.ts';
import { openSourceAccount, openTargetAccount } from '../open-account.ts';
import { migrateOptions, readOptions } from '../options.ts';

export const runMigrate = async (args: unknown, context: CommandContext): Promise<MigrationReport> => {
  const { texts, signal, onProgress } = context;
  const options = readOptions(migrateOptions, args, texts);
  const from = readSourceUrl(options.from, texts);
  const to = readTargetUrl(options.to, options['allow-insecure'], texts);
  await requireConsent(options.yes, texts.text('ask.consent', { from: from.url, to: to.url }), context);
  const source = await openSourceAccount(options, from, context);
  try {
    const target = await openTargetAccount(options, to, context);
    try {
      return await migrate({ source, target, directory: resolve(options.archive), language: texts.language, onProgress, signal });
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
};

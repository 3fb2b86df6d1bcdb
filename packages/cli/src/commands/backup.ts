import { resolve } from 'node:path';
import { type BackupReport, backup } from '@mailferry/core/operations';
import { readSourceUrl } from '../account-url.ts';
import type { CommandContext } from '../command-context.ts';
import { given } from '../given.ts';
import { openSourceAccount } from '../open-account.ts';
import { backupOptions, readOptions } from '../options.ts';

export const runBackup = async (args: unknown, context: CommandContext): Promise<BackupReport> => {
  const { texts, signal, onProgress } = context;
  const options = readOptions(backupOptions, args, texts);
  const source = await openSourceAccount(options, readSourceUrl(options.from, texts), context);
  try {
    return await backup({
      source,
      directory: resolve(options.out),
      forUpload: options['for-upload'],
      language: texts.language,
      onProgress,
      signal,
      ...given({ partLimitBytes: options['part-size'] }),
    });
  } finally {
    await source.close();
  }
};

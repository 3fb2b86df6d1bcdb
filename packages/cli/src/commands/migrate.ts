import { resolve } from 'node:path';
import type { MessageFilter } from '@mailferry/core/mail';
import { type MigrationReport, migrate, type PlanReport, planBackup } from '@mailferry/core/operations';
import { readTargetUrl } from '../account-url.ts';
import { readSigner } from '../archive-keys.ts';
import type { CommandContext } from '../command-context.ts';
import { requireConsent } from '../consent.ts';
import { readFilter } from '../filter.ts';
import { given } from '../given.ts';
import { openSourceAccount, openTargetAccount } from '../open-account.ts';
import { migrateOptions, readOptions, type SourceOptions } from '../options.ts';
import { checkCanDelete, type FromOption, readFrom } from '../source-account.ts';

export const runMigrate = async (args: unknown, context: CommandContext): Promise<MigrationReport | PlanReport> => {
  const { texts, signal, onProgress } = context;
  const options = readOptions(migrateOptions, args, texts);
  const filter = readFilter(options, texts);
  const from = await readFrom(options, context);
  if (options['delete-after-pull']) checkCanDelete(from, texts);
  const to = readTargetUrl(options.to, options['allow-insecure'], texts);
  const keys = given({ signer: await readSigner(options) });
  const directory = resolve(options.archive);
  if (options['dry-run']) return planMigration(options, from, { directory, filter }, context);
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
        ...keys,
        directory,
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

/** What would be moved: the source alone tells. */
const planMigration = async (
  options: SourceOptions & { readonly rebind: boolean },
  from: FromOption,
  archive: { readonly directory: string; readonly filter: MessageFilter },
  context: CommandContext,
): Promise<PlanReport> => {
  const { signal, onProgress } = context;
  const source = await openSourceAccount(options, from, context);
  try {
    return await planBackup({ of: 'migrate', source, ...archive, rebind: options.rebind, onProgress, signal });
  } finally {
    await source.close();
  }
};

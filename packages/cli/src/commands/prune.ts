import { resolve } from 'node:path';
import { type PruneReport, prune } from '@mailferry/core/operations';
import { readIdentity } from '../archive-keys.ts';
import type { CommandContext } from '../command-context.ts';
import { requireConsent } from '../consent.ts';
import { given } from '../given.ts';
import { pruneOptions, readOptions } from '../options.ts';
import { printable } from '../render/display-width.ts';

export const runPrune = async (args: unknown, context: CommandContext): Promise<PruneReport> => {
  const { texts, onProgress, signal } = context;
  const options = readOptions(pruneOptions, args, texts);
  return prune({
    directory: resolve(options.path),
    ...given({ keepLast: options['keep-last'], keepWithinMs: options['keep-within'] }),
    identities: await readIdentity(options),
    isDryRun: options['dry-run'],
    confirm: async (removable) => {
      const archives = removable.map(({ directory }) => `  ${printable(directory)}`).join('\n');
      await requireConsent(options.yes, texts.text('ask.consent-prune', { archives }), context);
      return true;
    },
    onProgress,
    signal,
  });
};

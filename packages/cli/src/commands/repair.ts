import { resolve } from 'node:path';
import { type RepairReport, repair } from '@mailferry/core/operations';
import { readIdentity } from '../archive-keys.ts';
import type { CommandContext } from '../command-context.ts';
import { readOptions, repairOptions } from '../options.ts';

export const runRepair = async (args: unknown, { texts, signal, onProgress }: CommandContext): Promise<RepairReport> => {
  const options = readOptions(repairOptions, args, texts);
  return repair({
    path: resolve(options.path),
    directory: resolve(options.out),
    identities: await readIdentity(options),
    language: texts.language,
    onProgress,
    signal,
  });
};

import { type ProbeReport, probe } from '@mailferry/core/operations';
import type { CommandContext } from '../command-context.ts';
import { openSourceAccount } from '../open-account.ts';
import { probeOptions, readOptions } from '../options.ts';
import { readFrom } from '../source-account.ts';

export const runProbe = async (args: unknown, context: CommandContext): Promise<ProbeReport> => {
  const { texts, signal, onProgress } = context;
  const options = readOptions(probeOptions, args, texts);
  const source = await openSourceAccount(options, await readFrom(options, context), context);
  try {
    return await probe({ source, onProgress, signal });
  } finally {
    await source.close();
  }
};

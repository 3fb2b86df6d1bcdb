import { resolve } from 'node:path';
import { type VerifyReport, verify } from '@mailferry/core/operations';
import type { CommandContext } from '../command-context.ts';
import { readOptions, verifyOptions } from '../options.ts';

export const runVerify = async (args: unknown, { texts, onProgress, signal }: CommandContext): Promise<VerifyReport> => {
  const { path } = readOptions(verifyOptions, args, texts);
  return verify({ path: resolve(path), onProgress, signal });
};

import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readPublicKey } from '@mailferry/core/archive';
import { checkZip, type VerifyReport, verify, type ZipReport } from '@mailferry/core/operations';
import { readIdentity } from '../archive-keys.ts';
import type { CommandContext } from '../command-context.ts';
import { given } from '../given.ts';
import { readOptions, verifyOptions } from '../options.ts';

export const runVerify = async (args: unknown, { texts, onProgress, signal }: CommandContext): Promise<VerifyReport | ZipReport> => {
  const options = readOptions(verifyOptions, args, texts);
  const path = resolve(options.path);
  const isFile = (await stat(path).catch(() => null))?.isFile() ?? false;
  if (isFile) return checkZip({ path, onProgress, signal });
  const publicKey = options['key-file'] === undefined ? undefined : await readPublicKey(options['key-file']);
  const identities = await readIdentity(options);
  return verify({ path, identities, ...given({ publicKey, head: options.head }), onProgress, signal });
};

import { resolve } from 'node:path';
import { readPublicKey } from '@mailferry/core/archive';
import { type VerifyReport, verify } from '@mailferry/core/operations';
import { readIdentity } from '../archive-keys.ts';
import type { CommandContext } from '../command-context.ts';
import { given } from '../given.ts';
import { readOptions, verifyOptions } from '../options.ts';

export const runVerify = async (args: unknown, { texts, onProgress, signal }: CommandContext): Promise<VerifyReport> => {
  const options = readOptions(verifyOptions, args, texts);
  const publicKey = options['key-file'] === undefined ? undefined : await readPublicKey(options['key-file']);
  const identities = await readIdentity(options);
  return verify({ path: resolve(options.path), identities, ...given({ publicKey, head: options.head }), onProgress, signal });
};

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ArchiveReader } from '@mailferry/core/archive';
import { type RepackReport, repack } from '@mailferry/core/operations';
import { openSource } from '@mailferry/core/source';
import { readIdentity, readSigner } from '../archive-keys.ts';
import type { CommandContext } from '../command-context.ts';
import { given } from '../given.ts';
import { readOptions, repackOptions } from '../options.ts';

/** What makes a folder an archive of ours. */
const CHAIN_FILE = 'chain.jsonl';
/** Messages up to this size are taken over deflated as they are. */
const STREAM_ABOVE_BYTES = 32 * 1024 * 1024;

export const runRepack = async (args: unknown, context: CommandContext): Promise<RepackReport> => {
  const { texts, signal, onProgress } = context;
  const options = readOptions(repackOptions, args, texts);
  const path = resolve(options.path);
  const from = existsSync(join(path, CHAIN_FILE))
    ? await ArchiveReader.open({ directory: path, identities: await readIdentity(options), signal })
    : openSource({ url: `zip:${path}`, streamAboveBytes: STREAM_ABOVE_BYTES });
  return repack({
    from,
    fromPath: path,
    directory: resolve(options.out),
    by: options.by,
    ...given({ partLimitBytes: options['part-size'], signer: await readSigner(options) }),
    language: texts.language,
    onProgress,
    signal,
  });
};

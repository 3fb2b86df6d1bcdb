import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ArchiveReader } from '@mailferry/core/archive';
import { type DrillReport, drill } from '@mailferry/core/operations';
import { openSource } from '@mailferry/core/source';
import { openImapTarget } from '@mailferry/core/target';
import { startPlatform } from '@mailferry/platform';
import { readIdentity } from '../archive-keys.ts';
import type { CommandContext } from '../command-context.ts';
import { given } from '../given.ts';
import { drillOptions, readOptions } from '../options.ts';

const USER = 'drill@mailferry.invalid';
/** Bigger than any message that a part holds. */
const ANY_MESSAGE_BYTES = 4 * 1024 ** 3;

export const runDrill = async (args: unknown, context: CommandContext): Promise<DrillReport> => {
  const { texts, onProgress, signal } = context;
  const options = readOptions(drillOptions, args, texts);
  const directory = resolve(options.path);
  const reader = await ArchiveReader.open({ directory, identities: await readIdentity(options), signal });
  const scratch = await mkdtemp(join(tmpdir(), 'mailferry-drill-platform-'));
  const password = randomBytes(24).toString('base64url');
  try {
    const platform = await startPlatform({ directory: scratch, accounts: [{ user: USER, password }], maxMessageBytes: ANY_MESSAGE_BYTES });
    const account = {
      url: `imap://${encodeURIComponent(USER)}@127.0.0.1:${platform.imapPort}`,
      credential: { kind: 'password', password },
      allowInsecure: true,
    } as const;
    const [target, source] = [openImapTarget(account), openSource(account)];
    try {
      return await drill({ reader, directory, stage: { target, source }, ...given({ sample: options.sample }), onProgress, signal });
    } finally {
      await target.close();
      await source.close();
      await platform.stop();
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
};

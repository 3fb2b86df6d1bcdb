/**
 * The main job on real mail: an embedded platform on free loopback ports, an account full of mail,
 * and `mailferry migrate` from it into another account. Run again, there is nothing left to do.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { type Platform, startPlatform } from '@mailferry/platform';
import { EMPTY_MAILBOXES, koreanMail } from './korean-mail.ts';
import { realMail, type SampleMessage } from './real-mail.ts';

const DIRECTORY = resolve(import.meta.dirname, '../../.quickstart');
const CLI = resolve(import.meta.dirname, '../../packages/cli/bin/mailferry.js');
const SOURCE = { user: 'old@example.co.kr', password: 'old-demo-password' };
const TARGET = { user: 'new@example.co.kr', password: 'new-demo-password' };

/** Fills each mailbox that is still empty; a full account stays as it is. Gives back how many messages were added. */
const fill = (platform: Platform, messages: readonly SampleMessage[]): number => {
  const account = platform.account(SOURCE.user);
  const present = new Map(account.listMailboxes().map((mailbox) => [mailbox.path, mailbox.messageCount]));
  const byMailbox = Map.groupBy(messages, (message) => message.mailbox);
  for (const path of [...byMailbox.keys(), ...EMPTY_MAILBOXES]) {
    if (!present.has(path)) account.addMailbox(path);
    // Making a mailbox makes those above it, too.
    for (const { path: made } of account.listMailboxes()) if (!present.has(made)) present.set(made, 0);
  }
  let added = 0;
  for (const [mailbox, ofMailbox] of byMailbox) {
    if (present.get(mailbox) === 0) added += account.appendAll(mailbox, ofMailbox).length;
  }
  return added;
};

const migrate = async (platform: Platform): Promise<number> => {
  const url = (scheme: string, user: string, port: number) => `${scheme}://${encodeURIComponent(user)}@127.0.0.1:${port}`;
  const from = ['--from', url('imap', SOURCE.user, platform.imapPort), '--allow-insecure'];
  const to = ['--to', url('http', TARGET.user, platform.httpPort)];
  const environment = { ...process.env, MAILFERRY_FROM_PASSWORD: SOURCE.password, MAILFERRY_TO_PASSWORD: TARGET.password };
  const child = spawn(process.execPath, [CLI, 'migrate', ...from, ...to, '--archive', `${DIRECTORY}/archive`, '--yes'], {
    stdio: 'inherit',
    env: environment,
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
};

const platform = await startPlatform({ directory: `${DIRECTORY}/platform`, accounts: [SOURCE, TARGET] });
try {
  process.stdout.write(`Embedded platform: IMAP on 127.0.0.1:${platform.imapPort}, HTTP on ${platform.httpUrl}\n`);
  const added = fill(platform, [...realMail(), ...koreanMail()]);
  process.stdout.write(added > 0 ? `Filled ${SOURCE.user} with ${added} real messages\n\n` : `${SOURCE.user} has its mail already\n\n`);
  process.exitCode = await migrate(platform);
} finally {
  await platform.stop();
}

/** The library in a program of one's own: back an account up, read every byte back, and say what is where. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { backup, verify } from '@mailferry/core/operations';
import { openSource } from '@mailferry/core/source';
import { startPlatform } from '@mailferry/platform';
import { koreanMail } from './korean-mail.ts';

const ACCOUNT = { user: 'kim@example.co.kr', password: 'demo-password' };

// Any IMAP account will do; the embedded platform saves you from needing one here.
const platform = await startPlatform({ accounts: [ACCOUNT] });
const account = platform.account(ACCOUNT.user);
for (const [mailbox, messages] of Map.groupBy(koreanMail(), (message) => message.mailbox)) {
  if (!account.listMailboxes().some(({ path }) => path === mailbox)) account.addMailbox(mailbox);
  account.appendAll(mailbox, messages);
}

const directory = mkdtempSync(join(tmpdir(), 'mailferry-example-'));
const { signal } = new AbortController();
const source = openSource({
  url: `imap://${encodeURIComponent(ACCOUNT.user)}@127.0.0.1:${platform.imapPort}`,
  credential: { kind: 'password', password: ACCOUNT.password },
  // The embedded platform speaks plain text here; a real one is reached with imaps:// and without this.
  allowInsecure: true,
});
try {
  const report = await backup({ source, directory, language: 'ko', signal });
  for (const { fileName, entryCount, sizeBytes } of report.sealedParts)
    process.stdout.write(`${fileName}: ${entryCount} messages, ${sizeBytes} bytes\n`);
  const { damages, entryCount } = await verify({ path: directory, signal });
  process.stdout.write(
    `${entryCount} entries read back, ${damages.length} damaged, ${report.reconciliation.differences.length} messages not accounted for\n`,
  );
  process.exitCode =
    damages.length + report.reconciliation.differences.length + report.failed.length === 0 && entryCount === koreanMail().length ? 0 : 1;
} finally {
  await source.close();
  await platform.stop();
  rmSync(directory, { recursive: true });
}

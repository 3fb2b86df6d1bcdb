import { openSource } from '@mailferry/core/source';
import { type Platform, startPlatform } from '@mailferry/platform';
import { imapWorld } from './imap-world.ts';
import { describeMailSource } from './mail-source-contract.ts';

const ACCOUNT = { user: 'kim@example.co.kr', password: 'secret' };

const startWith = async (mail: ReadonlyMap<string, readonly Buffer[]>): Promise<Platform> => {
  const platform = await startPlatform({ accounts: [ACCOUNT], policy: { pop3Smtp: true } });
  const account = platform.account(ACCOUNT.user);
  for (const [mailbox, messages] of mail) {
    if (!account.listMailboxes().some(({ path }) => path === mailbox)) account.addMailbox(mailbox);
    account.appendAll(
      mailbox,
      messages.map((bytes, i) => ({ bytes, flags: i % 2 === 0 ? ['\\Seen', '$Work'] : [] })),
    );
  }
  return platform;
};

describeMailSource('IMAP at the embedded platform', {
  makeWorld: async (mail) => {
    const platform = await startWith(mail);
    return imapWorld({ ...ACCOUNT, port: platform.imapPort }, () => platform.stop());
  },
});

describeMailSource('POP3 at the embedded platform', {
  mailboxes: 'inbox-only',
  makeWorld: async (mail) => {
    const platform = await startWith(mail);
    return {
      ...imapWorld({ ...ACCOUNT, port: platform.imapPort }, () => platform.stop()),
      open: (streamAboveBytes) =>
        openSource({
          url: `pop3://${encodeURIComponent(ACCOUNT.user)}@127.0.0.1:${platform.pop3Port}`,
          credential: { kind: 'password', password: ACCOUNT.password },
          allowInsecure: true,
          streamAboveBytes,
        }),
    };
  },
});

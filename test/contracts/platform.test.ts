import { startPlatform } from '@mailferry/platform';
import { imapWorld } from './imap-world.ts';
import { describeMailSource } from './mail-source-contract.ts';

const ACCOUNT = { user: 'kim@example.co.kr', password: 'secret' };

describeMailSource('IMAP at the embedded platform', {
  makeWorld: async (mail) => {
    const platform = await startPlatform({ accounts: [ACCOUNT] });
    const account = platform.account(ACCOUNT.user);
    for (const [mailbox, messages] of mail) {
      if (!account.listMailboxes().some(({ path }) => path === mailbox)) account.addMailbox(mailbox);
      account.appendAll(
        mailbox,
        messages.map((bytes, i) => ({ bytes, flags: i % 2 === 0 ? ['\\Seen', '$Work'] : [] })),
      );
    }
    return imapWorld({ ...ACCOUNT, port: platform.imapPort }, () => platform.stop());
  },
});

import { openSource } from '@mailferry/core/source';
import { ImapFlow } from 'imapflow';
import type { MailWorld } from './mail-source-contract.ts';

interface ImapAccount {
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

/** Does something in an account as another mail program would. */
export const asOwner = async <Result>(
  { port, user, password }: ImapAccount,
  work: (client: ImapFlow) => Promise<Result>,
): Promise<Result> => {
  const client = new ImapFlow({
    host: '127.0.0.1',
    port,
    secure: false,
    doSTARTTLS: false,
    auth: { user, pass: password },
    logger: false,
    disableAutoIdle: true,
    disableCompression: true,
  });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.logout();
  }
};

/** An IMAP account with mail in it; `dispose` ends its server. */
export const imapWorld = (account: ImapAccount, dispose: () => Promise<void>): MailWorld => ({
  open: (streamAboveBytes) =>
    openSource({
      url: `imap://${encodeURIComponent(account.user)}@127.0.0.1:${account.port}`,
      credential: { kind: 'password', password: account.password },
      allowInsecure: true,
      streamAboveBytes,
    }),
  add: async (mailbox, message) => {
    await asOwner(account, (client) => client.append(mailbox, message, []));
  },
  removeFirst: (mailbox) =>
    asOwner(account, async (client) => {
      const lock = await client.getMailboxLock(mailbox);
      await client.messageDelete('1');
      lock.release();
    }),
  snapshot: () =>
    asOwner(account, async (client) => {
      const state: unknown[] = [];
      for (const { path, flags: attributes } of await client.list()) {
        if (attributes.has('\\Noselect')) continue;
        const lock = await client.getMailboxLock(path, { readOnly: true });
        // Which messages are new to a session is the server's own affair.
        for (const { uid, flags, internalDate } of await client.fetchAll('1:*', { uid: true, flags: true, internalDate: true }))
          state.push([path, uid, [...(flags ?? [])].filter((flag) => flag !== '\\Recent').toSorted(), internalDate]);
        lock.release();
      }
      return state;
    }),
  [Symbol.asyncDispose]: dispose,
});

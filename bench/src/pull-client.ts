/**
 * Pulls all mail of an account and throws it away: pull-client.ts CLIENT PORT USER, the password in PULL_PASSWORD.
 * Prints how much it was.
 */
import process from 'node:process';
import { openSource } from '@mailferry/core/source';
import { ImapFlow } from 'imapflow';

interface Account {
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

interface Pulled {
  readonly messages: number;
  readonly bytes: number;
}

const pullWithMailferry = async ({ port, user, password }: Account): Promise<Pulled> => {
  const source = openSource({
    url: `imap://${user}@127.0.0.1:${port}`,
    credential: { kind: 'password', password },
    allowInsecure: true,
    connections: 1,
  });
  const { signal } = new AbortController();
  let messages = 0;
  let bytes = 0;
  for (const mailbox of await source.listMailboxes(signal)) {
    if (!mailbox.selectable) continue;
    const listing = await source.listMessages(mailbox, { since: null, mayBeDelta: false, withDetails: false }, signal);
    for await (const outcome of source.fetch(mailbox, listing.uidValidity, [...listing.messages], signal)) {
      if (outcome.kind !== 'message') throw new Error(`a message is ${outcome.kind}`);
      const { body } = outcome.message;
      if (Buffer.isBuffer(body)) bytes += body.length;
      else for await (const piece of body) bytes += piece.length;
      messages += 1;
    }
  }
  await source.close();
  return { messages, bytes };
};

const pullWithImapflow = async ({ port, user, password }: Account, disableCompression: boolean): Promise<Pulled> => {
  const client = new ImapFlow({
    host: '127.0.0.1',
    port,
    secure: false,
    doSTARTTLS: false,
    auth: { user, pass: password },
    logger: false,
    disableAutoIdle: true,
    disableCompression,
  });
  await client.connect();
  if (!disableCompression && !client.capabilities.has('COMPRESS=DEFLATE')) throw new Error('the server offers no COMPRESS');
  let messages = 0;
  let bytes = 0;
  for (const { path, flags } of await client.list()) {
    if (flags.has('\\Noselect') || flags.has('\\NonExistent')) continue;
    const { exists } = await client.mailboxOpen(path, { readOnly: true });
    if (exists === 0) continue;
    for await (const { source } of client.fetch('1:*', { uid: true, flags: true, internalDate: true, source: true })) {
      bytes += source?.length ?? 0;
      messages += 1;
    }
  }
  await client.logout();
  return { messages, bytes };
};

const [client, port, user = ''] = process.argv.slice(2);
const account = { port: Number(port), user, password: process.env.PULL_PASSWORD ?? '' };
const pulled = client === 'mailferry' ? await pullWithMailferry(account) : await pullWithImapflow(account, client === 'imapflow');
process.stdout.write(`${pulled.messages} messages, ${pulled.bytes} bytes\n`);

/** Some mail code of one's own, as it may stand in any program: the subjects of what is new in INBOX. */
import { ImapFlow } from 'imapflow';

export interface ImapLogIn {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

/** Subjects of unseen messages, the oldest first. @throws when fewer came than the server has */
export const newestSubjects = async ({ host, port, user, password }: ImapLogIn): Promise<string[]> => {
  const client = new ImapFlow({ host, port, secure: false, auth: { user, pass: password }, logger: false });
  // Without a listener a broken connection would end the process.
  client.on('error', () => {});
  await client.connect();
  try {
    await client.mailboxOpen('INBOX', { readOnly: true });
    const wanted = await client.search({ seen: false }, { uid: true });
    if (!wanted || !client.usable) throw new Error('the connection broke');
    const subjects: string[] = [];
    if (wanted.length > 0) {
      for await (const { envelope } of client.fetch(wanted, { envelope: true }, { uid: true })) subjects.push(envelope?.subject ?? '');
    }
    if (subjects.length !== wanted.length) throw new Error(`${wanted.length} messages are new, ${subjects.length} came`);
    return subjects;
  } finally {
    client.close();
  }
};

import { describe, expect, it } from 'vitest';
import { ImapHouse } from './imap-house.testing.ts';

/** What these programs send, in their order and in their spelling. */
const SESSIONS: readonly (readonly [program: string, commands: readonly string[]])[] = [
  [
    'Thunderbird',
    [
      'ID ("name" "Thunderbird" "version" "128.5.0")',
      'namespace',
      'list (subscribed) "" "*" return (special-use)',
      'list "" "INBOX"',
      'lsub "" "*"',
      'create "Archives"',
      'subscribe "Archives"',
      'select "INBOX"',
      'getquotaroot "INBOX"',
      'UID fetch 1:* (FLAGS)',
      'UID fetch 1 (UID RFC822.SIZE FLAGS BODY.PEEK[HEADER.FIELDS (From To Cc Bcc Subject Date Message-ID Priority X-Priority References Newsgroups In-Reply-To Content-Type Reply-To)])',
      'UID fetch 1 (UID RFC822.SIZE BODY.PEEK[])',
      'uid store 1 +Flags (\\Seen)',
      'uid store 1 -Flags ($label1)',
      'uid copy 1 "Trash"',
      'uid move 1 "Archives"',
      'noop',
      'close',
      'STATUS "Trash" (UIDNEXT MESSAGES UNSEEN RECENT)',
    ],
  ],
  [
    'Outlook',
    [
      'ID ("name" "Microsoft Outlook" "version" "16.0")',
      'LIST "" ""',
      'LIST "" "*"',
      'LSUB "" "*"',
      'CREATE "Junk E-mail"',
      'SUBSCRIBE "Junk E-mail"',
      'STATUS "INBOX" (MESSAGES UNSEEN UIDNEXT UIDVALIDITY)',
      'SELECT "INBOX"',
      'UID FETCH 1:* (UID FLAGS RFC822.SIZE)',
      'UID FETCH 1 (UID FLAGS INTERNALDATE BODY.PEEK[])',
      'UID STORE 1 +FLAGS.SILENT (\\Seen)',
      'UID SEARCH 1:* NOT DELETED',
      'UID STORE 1 +FLAGS.SILENT (\\Deleted)',
      'UID EXPUNGE 1',
    ],
  ],
  [
    'Apple Mail',
    [
      'ID ("name" "Mac OS X Mail" "version" "16.0" "os" NIL)',
      'LIST "" "*" RETURN (SUBSCRIBED CHILDREN SPECIAL-USE)',
      'STATUS INBOX (MESSAGES UIDNEXT UIDVALIDITY UNSEEN HIGHESTMODSEQ)',
      'SELECT INBOX (CONDSTORE)',
      'FETCH 1:* (FLAGS UID)',
      'UID SEARCH UNDELETED SINCE 1-Jan-2020',
      'UID FETCH 1 (BODY.PEEK[HEADER] UID)',
      'UID STORE 1 (UNCHANGEDSINCE 99) +FLAGS (\\Flagged $MailFlagBit0)',
      'CHECK',
      'GETQUOTAROOT INBOX',
      'UNSELECT',
    ],
  ],
  [
    'mbsync',
    [
      'CAPABILITY',
      'NAMESPACE',
      'LIST "" "*"',
      'CREATE "far/away"',
      'SELECT "INBOX"',
      'UID FETCH 1:2147483647 (UID FLAGS RFC822.SIZE)',
      'UID FETCH 1 (BODY.PEEK[])',
      'UID STORE 1 +FLAGS.SILENT (\\Seen)',
      'UID SEARCH HEADER X-TUID "abcdefghijkl"',
      'EXPUNGE',
      'LOGOUT',
    ],
  ],
];

describe('the commands of real programs', () => {
  it.each(SESSIONS)('%s gets an OK for each of its commands', async (_, commands) => {
    await using house = await ImapHouse.open({ accounts: [{ user: 'kim@example.com', password: 'pw', quotaBytes: 1_000_000 }] });
    house.put('From: a@b\r\nSubject: x\r\n\r\nbody', ['$label1']);
    const client = await house.logIn();
    const refused: string[] = [];
    for (const command of commands) {
      const answer = await client.command(command);
      if (!/^OK /m.test(answer)) refused.push(`${command}: ${answer}`);
    }
    expect(refused).toEqual([]);
  });
});

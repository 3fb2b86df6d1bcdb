import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ImapHouse } from './imap-house.testing.ts';
import type { RawClient } from './raw-client.testing.ts';

let house: ImapHouse;
let client: RawClient;
beforeEach(async () => {
  house = await ImapHouse.open();
});
afterEach(() => house[Symbol.asyncDispose]());

const lines = (...all: string[]): string => all.join('\r\n');

const INNER = lines('From: Lee <lee@x.example>', 'Subject: inner', 'Content-Type: text/plain', '', 'inner text');
const MAIL = lines(
  'From: "Kim, C." <kim@example.com>',
  'To: team: a@x, <@route:b@y>;',
  'Subject: say "hi"',
  'Date: Thu, 1 Jan 2026 09:00:00 +0900',
  'Content-Type: multipart/mixed; boundary=b',
  '',
  '--b',
  'Content-Type: text/html; charset=euc-kr',
  'Content-ID: <1@x>',
  'Content-Transfer-Encoding: BASE64',
  '',
  'PGI+',
  '--b',
  'Content-Type: message/rfc822',
  'Content-Disposition: attachment; filename*0="a "; filename*1=b.eml',
  'Content-Language: ko, en',
  '',
  INNER,
  '--b--',
  '',
);
const FROM = '(("Kim, C." NIL "kim" "example.com"))';
const LEE = '(("Lee" NIL "lee" "x.example"))';
const TO = '((NIL NIL "team" NIL)(NIL NIL "a" "x")(NIL "@route" "b" "y")(NIL NIL NIL NIL))';
const ENVELOPE = `("Thu, 1 Jan 2026 09:00:00 +0900" "say \\"hi\\"" ${FROM} ${FROM} ${FROM} ${TO} NIL NIL NIL NIL)`;
const INNER_ENVELOPE = `(NIL "inner" ${LEE} ${LEE} ${LEE} NIL NIL NIL NIL NIL)`;

/** The answer to the fetch of one item of the only message. */
const fetched = async (item: string): Promise<string> => {
  const answer = await client.command(`FETCH 1 (${item})`);
  return /^\* 1 FETCH \(([\s\S]*)\)\r\nOK/.exec(answer)?.[1] ?? answer;
};

describe('FETCH of content', () => {
  it('gives the envelope (RFC 3501 §7.4.2)', async () => {
    house.put(MAIL);
    client = await house.select();
    expect(await fetched('ENVELOPE')).toBe(`ENVELOPE ${ENVELOPE}`);
  });

  it('gives the structure with and without its extension data', async () => {
    house.put(MAIL);
    client = await house.select();
    const html = '"text" "html" ("charset" "euc-kr") "<1@x>" NIL "BASE64" 4 0';
    const text = '"text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 10 0';
    const letter = `"message" "rfc822" NIL NIL NIL "7bit" ${INNER.length} ${INNER_ENVELOPE}`;
    expect(await fetched('BODY')).toBe(`BODY ((${html})(${letter} (${text}) 4) "mixed")`);
    const disposition = '("attachment" ("filename" "a b.eml"))';
    expect(await fetched('BODYSTRUCTURE')).toBe(
      `BODYSTRUCTURE ((${html} NIL NIL NIL NIL)(${letter} (${text} NIL NIL NIL NIL) 4 NIL ${disposition} ("ko" "en") NIL) "mixed" ("boundary" "b") NIL NIL NIL)`,
    );
  });

  it.each([
    ['1', 'PGI+'],
    ['1.MIME', 'Content-Type: text/html; charset=euc-kr\r\nContent-ID: <1@x>\r\nContent-Transfer-Encoding: BASE64\r\n\r\n'],
    ['2', INNER],
    ['2.HEADER', INNER.slice(0, INNER.indexOf('inner text'))],
    ['2.TEXT', 'inner text'],
    ['2.1', 'inner text'],
    ['2.HEADER.FIELDS (SUBJECT)', 'Subject: inner\r\n\r\n'],
    ['2.HEADER.FIELDS.NOT (SUBJECT CONTENT-TYPE)', 'From: Lee <lee@x.example>\r\n\r\n'],
  ])('gives BODY[%s]', async (section, content) => {
    house.put(MAIL);
    client = await house.select();
    expect(await fetched(`BODY.PEEK[${section}]`)).toBe(`BODY[${section}] {${content.length}}\r\n${content}`);
    expect(await fetched(`BODY.PEEK[${section}]<2.3>`)).toBe(
      `BODY[${section}]<2> {${Math.min(content.length - 2, 3)}}\r\n${content.slice(2, 5)}`,
    );
  });

  it('answers NIL for parts that are not there', async () => {
    house.put(MAIL);
    client = await house.select();
    for (const section of ['3', '1.1', '1.HEADER', '2.1.1', '2.2.MIME'])
      expect(await fetched(`BODY.PEEK[${section}]`)).toBe(`BODY[${section}] NIL`);
  });

  it('has the form that RFC 3501 gives a multipart and a message, also where nothing can be seen in them', async () => {
    house.put('Content-Type: multipart/mixed; boundary=b\r\n\r\nnothing');
    house.put('Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\nYQ==\r\n');
    client = await house.select();
    const empty = '("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 0 0)';
    const answer = await client.command('FETCH 1:2 BODY');
    expect(answer).toContain(`* 1 FETCH (BODY (${empty} "mixed"))\r\n`);
    expect(answer).toContain(
      `* 2 FETCH (BODY ("message" "rfc822" NIL NIL NIL "base64" 6 (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL) ${empty} 1))\r\n`,
    );
  });

  it('sends what can not stand in quotes as literals, without NUL', async () => {
    house.account.append('INBOX', Buffer.from('Subject: \xb9\0\xae\r\n\r\n', 'latin1'));
    client = await house.select();
    expect(await fetched('ENVELOPE')).toContain('ENVELOPE (NIL {2}\r\n\xb9\xae NIL');
  });

  it('knows the macros', async () => {
    house.put(MAIL);
    client = await house.select();
    const names = (answer: string): string[] =>
      ['FLAGS', 'INTERNALDATE', 'RFC822.SIZE', 'ENVELOPE', 'BODY'].filter((name) => answer.includes(`${name} `));
    expect(names(await client.command('FETCH 1 ALL'))).toEqual(['FLAGS', 'INTERNALDATE', 'RFC822.SIZE', 'ENVELOPE']);
    expect(names(await client.command('FETCH 1 FULL'))).toEqual(['FLAGS', 'INTERNALDATE', 'RFC822.SIZE', 'ENVELOPE', 'BODY']);
  });

  it('tells what has changed since a mod-sequence (RFC 7162 §3.1.4)', async () => {
    for (const text of ['a', 'b', 'c']) house.put(text);
    client = await house.select();
    const [, modseq] = /MODSEQ \((\d+)\)/.exec(await client.command('FETCH 3 MODSEQ')) ?? [];
    await client.command('STORE 2 +FLAGS.SILENT (\\Seen)');
    const answer = await client.command(`UID FETCH 1:* (FLAGS) (CHANGEDSINCE ${modseq})`);
    expect(answer).toBe(`* 2 FETCH (UID 2 FLAGS (\\Recent \\Seen) MODSEQ (${Number(modseq) + 1}))\r\nOK Fetched\r\n`);
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ImapHouse } from './imap-house.testing.ts';
import type { RawClient } from './raw-client.testing.ts';

const SIZE_BYTES = 24 * 1024 * 1024;
const LINE = `${'QUJD'.repeat(19)}\r\n`;

let house: ImapHouse;
let client: RawClient;
beforeEach(async () => {
  house = await ImapHouse.open();
  const head =
    'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nfirst\r\n--b\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n';
  house.account.append('INBOX', Buffer.concat([Buffer.from(head), Buffer.alloc(SIZE_BYTES, LINE), Buffer.from('\r\n--b--\r\n')]));
  client = await house.select();
});
afterEach(() => house[Symbol.asyncDispose]());

describe('a big message', () => {
  it('gives its structure, and pieces of its parts', async () => {
    const lines = Math.floor(SIZE_BYTES / LINE.length);
    expect(await client.command('FETCH 1 BODY')).toContain(` "base64" ${SIZE_BYTES} ${lines}) "mixed"))\r\n`);
    for (let from = 0; from < 50; from += 1) {
      const answer = await client.command(`FETCH 1 BODY.PEEK[2]<${from * 400_000}.10>`);
      expect(answer).toContain(`BODY[2]<${from * 400_000}> {10}\r\n`);
    }
  });

  it('leaves other sessions their turn while its structure is read and its text searched', async () => {
    const other = await house.logIn();
    client.send('f FETCH 1 BODY\r\ns SEARCH BODY nowhere\r\n');
    let answers = 0;
    let isDone = false;
    const searched = client.until(/^s OK.*\r\n/m).then((text) => {
      isDone = true;
      return text;
    });
    while (!isDone) {
      expect(await other.command('NOOP')).toMatch(/^OK/);
      answers += 1;
    }
    expect(await searched).toContain('* SEARCH\r\n');
    expect(answers).toBeGreaterThan(5);
  });

  it('is searched as it was although another session expunges it meanwhile', async () => {
    const other = await house.select();
    client.send('s SEARCH BODY nowhere\r\n');
    await other.command('STORE 1 +FLAGS.SILENT (\\Deleted)');
    await other.command('EXPUNGE');
    expect(await client.until(/^s .*\r\n/m)).toContain('s OK');
  });
});

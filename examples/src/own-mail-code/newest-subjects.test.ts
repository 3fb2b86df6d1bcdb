/** The same with vitest or jest: only the two imports differ. Run: node --test examples/src/own-mail-code/ */
import assert from 'node:assert/strict';
import { after, afterEach, before, it } from 'node:test';
import { type Platform, startPlatform } from '@mailferry/platform';
import { newestSubjects } from './newest-subjects.ts';

const KIM = { user: 'kim@example.co.kr', password: 'test' };

let platform: Platform;
before(async () => {
  platform = await startPlatform({ accounts: [KIM] });
});
afterEach(() => platform.reset());
after(() => platform.stop());

const logIn = () => ({ ...KIM, host: '127.0.0.1', port: platform.imapPort });

it('reads Korean subjects of what is new', async () => {
  platform.office.deliver('Subject: =?utf-8?B?7KO86rCEIOuztOqzoA==?=\r\n\r\nhello\r\n', { to: KIM.user });
  platform.account(KIM.user).append('INBOX', Buffer.from('Subject: old\r\n\r\n'), { flags: ['\\Seen'] });
  assert.deepEqual(await newestSubjects(logIn()), ['주간 보고']);
});

it('does not take a broken line for an empty mailbox', async () => {
  platform.office.deliver(`Subject: ${'long '.repeat(200)}\r\n\r\nhello\r\n`, { to: KIM.user });
  platform.addFault({ kind: 'drop', afterBytes: 1500, routes: ['imap'] });
  await assert.rejects(newestSubjects(logIn()));
});

it('starts every test from the same state', async () => {
  assert.deepEqual(await newestSubjects(logIn()), []);
});

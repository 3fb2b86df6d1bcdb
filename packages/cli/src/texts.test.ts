import { describe, expect, it } from 'vitest';
import { chooseLanguage, textsOf } from './texts.ts';

describe('chooseLanguage', () => {
  it.each([
    [['--lang', 'ko'], { LANG: 'en_US.UTF-8' }, 'ko'],
    [['backup', '--lang=en'], { LC_ALL: 'ko_KR.UTF-8' }, 'en'],
    [[], { LC_ALL: 'ko_KR.UTF-8', LANG: 'en_US.UTF-8' }, 'ko'],
    [[], { LC_MESSAGES: 'ko', LANG: 'C' }, 'ko'],
    [[], { LC_ALL: '', LANG: 'ko_KR.eucKR' }, 'ko'],
    [[], { LC_ALL: 'C', LANG: 'ko_KR.UTF-8' }, 'en'],
    [[], { LANG: 'kok_IN' }, 'en'],
    [['--lang', 'fr'], { LANG: 'ko_KR.UTF-8' }, 'ko'],
    [['--lang'], {}, 'en'],
  ] as const)('%j with %j is %s', (args, env, expected) => {
    expect(chooseLanguage(args, env)).toBe(expected);
  });
});

describe('texts', () => {
  it('group numbers, and fill names in as they are', () => {
    expect(textsOf('en').text('progress.messages', { done: 1234, total: 56789 })).toBe('1,234/56,789 messages');
    expect(textsOf('ko').text('ask.password', { user: '{host}', host: 'h' })).toBe('h의 {host} 계정 비밀번호: ');
  });

  it('take English errors from the table of kinds and Korean ones from the catalogue', () => {
    const details = { host: 'mail.example', user: 'kim', reply: 'no' };
    expect(textsOf('en').errorMessage('auth-refused', details)).toBe('mail.example refused the log-in of kim: no');
    expect(textsOf('ko').errorMessage('auth-refused', details)).toBe('mail.example 서버가 kim 계정의 로그인을 거부했습니다: no');
  });

  it('name in Korean what the ledger was started for', () => {
    const details = { what: 'source', recorded: 'imap:a@b', given: 'imap:c@d' };
    expect(textsOf('ko').errorMessage('ledger-other-job', details)).toBe(
      '다른 작업의 아카이브입니다. 원본: 기록된 값 imap:a@b, 지정한 값 imap:c@d',
    );
  });
});

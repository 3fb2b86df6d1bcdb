import { MailferryError } from '@mailferry/core/errors';
import { describe, expect, it } from 'vitest';
import { Secrets } from '../secrets.ts';
import { textsOf } from '../texts.ts';
import { errorText } from './error-text.ts';
import { errorJson } from './json.ts';

const refused = (host: string) => new MailferryError('connection-refused', { host, port: 993 });
const textOf = (error: MailferryError, language: 'en' | 'ko' = 'en', columns?: number): string =>
  errorText(error, textsOf(language), new Secrets(), columns);

describe('an error', () => {
  it('from a server of a known provider says how IMAP or POP3 is switched on there (SPEC M8)', () => {
    expect(textOf(refused('imap.naver.com'))).toMatch(/\[connection-refused\]\n.*\nNaver: Switch it on first: .*POP3\/IMAP.*\n$/);
    expect(textOf(refused('POP.naver.com'), 'ko')).toMatch(/\n네이버: 먼저 .*사용함.*\n$/);
    const auth = new MailferryError('auth-refused', { host: 'outlook.office365.com', user: 'kim', reply: 'NO' });
    expect(textOf(auth)).toMatch(/\nMicrosoft 365: .*OAuth 2\.0.*\n$/);
    const { error } = JSON.parse(errorJson(auth, textsOf('en'), new Secrets())) as { error: { hint: string } };
    expect(error.hint).toMatch(/Check user name and password\..* Microsoft 365: /);
  });

  it('that a switch is not behind, or from another server, has no such advice', () => {
    expect(textOf(refused('mail.example'))).not.toContain('Switch it on');
    const lost = new MailferryError('connection-lost', { host: 'imap.naver.com', port: 993, reason: 'reset' });
    expect(textOf(lost)).not.toContain('Naver');
  });

  it('is broken between words where the terminal ends', () => {
    const lines = textOf(refused('imap.naver.com'), 'en', 40).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(40);
    expect(lines[0]).toBe('mailferry: imap.naver.com:993 refused');
  });

  it("has core's words in Korean too", () => {
    const unknown = new MailferryError('source-unknown', { path: '/a', reason: 'it has no .eml file' });
    expect(textOf(unknown, 'ko')).toContain('/a은(는) 읽을 수 있는 메일이 아닙니다: .eml 파일이 없습니다 [');
    expect(textOf(unknown)).toContain('it has no .eml file');
  });
});

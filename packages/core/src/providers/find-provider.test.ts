import { describe, expect, it } from 'vitest';
import { parseImapUrl } from '../source/imap/imap-address.ts';
import { parsePop3Url } from '../source/pop3/pop3-address.ts';
import { providerById, providerOfAddress, providerOfHost, sourceUrlFor } from './find-provider.ts';
import { PROVIDERS } from './presets.ts';
import type { ProviderServer } from './provider.ts';

const shown = (server: ProviderServer | null): string => (server ? `${server.host}:${server.port} ${server.security}` : '-');

/** SPEC, "Presets of providers". */
const SPEC = [
  ['hiworks', 'pop3s.hiworks.com:995 tls', '-', 'smtps.hiworks.com:465 tls'],
  ['mailplug', 'pop3.mailplug.co.kr:995 tls', 'imap.mailplug.co.kr:993 tls', 'smtp.mailplug.co.kr:465 tls'],
  ['mailplug-overseas', 'mproxy01.mailplug.co.kr:1110 plain', '-', 'mproxy01.mailplug.co.kr:1025 plain'],
  ['ecount', 'wmbox1.ecounterp.com:110 plain', 'wmbox1.ecounterp.com:143 plain', 'wsmtp.ecounterp.com:587 plain'],
  ['whois', 'mail.whoismail.net:110 plain', '-', 'mail.whoismail.net:587 plain'],
  ['naver', 'pop.naver.com:995 tls', 'imap.naver.com:993 tls', 'smtp.naver.com:465 tls'],
  ['naver-works', 'pop.worksmobile.com:995 tls', 'imap.worksmobile.com:993 tls', 'smtp.worksmobile.com:465 tls'],
  ['daum', 'pop.daum.net:995 tls', 'imap.daum.net:993 tls', 'smtp.daum.net:465 tls'],
  ['kakao', 'pop.kakao.com:995 tls', 'imap.kakao.com:993 tls', 'smtp.kakao.com:465 tls'],
  ['nate', '-', 'imap.nate.com:993 tls', 'smtp.mail.nate.com:465 tls'],
  ['gmail', 'pop.gmail.com:995 tls', 'imap.gmail.com:993 tls', 'smtp.gmail.com:465 tls'],
  ['microsoft', 'outlook.office365.com:995 tls', 'outlook.office365.com:993 tls', 'smtp.office365.com:587 starttls'],
  ['yahoo', 'pop.mail.yahoo.com:995 tls', 'imap.mail.yahoo.com:993 tls', 'smtp.mail.yahoo.com:465 tls'],
  ['icloud', '-', 'imap.mail.me.com:993 tls', 'smtp.mail.me.com:587 starttls'],
  ['zoho', 'pop.zoho.com:995 tls', 'imap.zoho.com:993 tls', 'smtp.zoho.com:465 tls'],
  ['dooray', '-', 'imap.dooray.com:993 tls', 'smtp.dooray.com:465 tls'],
];

describe('presets', () => {
  it('are those of the SPEC', () => {
    expect(PROVIDERS.map(({ id, pop3, imap, smtp }) => [id, shown(pop3), shown(imap), shown(smtp)])).toEqual(SPEC);
  });

  it('make URLs that a source takes', () => {
    for (const provider of PROVIDERS) {
      for (const way of ['imap', 'pop3'] as const) {
        const server = provider[way];
        if (!server) {
          expect(() => sourceUrlFor(provider, 'kim@example.com', way)).toThrow(expect.objectContaining({ code: 'option-invalid' }));
          continue;
        }
        const { url, needsInsecure } = sourceUrlFor(provider, '김.kim+x@example.com', way);
        const { host, port, user } = way === 'imap' ? parseImapUrl(url) : parsePop3Url(url);
        expect({ host, port }).toEqual({ host: server.host, port: server.port });
        expect(user).toBe(provider.userName === 'address' ? '김.kim+x@example.com' : '김.kim+x');
        expect(needsInsecure).toBe(server.security === 'plain');
      }
    }
  });

  it('are found by address, by host and by name', () => {
    expect(providerOfAddress('Kim@NAVER.com')?.id).toBe('naver');
    expect(providerOfAddress('kim@hanmail.net')?.id).toBe('daum');
    expect(providerOfAddress('kim@company.co.kr')).toBeNull();
    expect(providerOfHost('IMAP.naver.com')?.id).toBe('naver');
    expect(providerOfHost('wmbox3.ecounterp.com')?.id).toBe('ecount');
    expect(providerOfHost('smtp.naver.com')).toBeNull();
    expect(providerById('Gmail')?.id).toBe('gmail');
  });

  it('prefer IMAP, which shows all mailboxes', () => {
    const { url } = sourceUrlFor(providerById('naver') ?? fail(), 'kim@naver.com');
    expect(url).toBe('imaps://kim%40naver.com@imap.naver.com:993');
    expect(sourceUrlFor(providerById('hiworks') ?? fail(), 'kim@office.co.kr').url).toMatch(/^pop3s:/);
    expect(sourceUrlFor(providerById('mailplug') ?? fail(), 'kim@office.co.kr').url).toBe(
      'imaps://kim%40office.co.kr;AUTH=LOGIN@imap.mailplug.co.kr:993',
    );
  });
});

const fail = (): never => {
  throw new Error('no such provider');
};

describe('the guide to providers', () => {
  it('is in step with the presets', async () => {
    const cell = (server: ProviderServer | null): string =>
      server
        ? `\`${server.host}:${server.port}\`${server.security === 'tls' ? '' : ` ${server.security === 'plain' ? 'without TLS' : 'STARTTLS'}`}`
        : '–';
    const rows = PROVIDERS.map(
      ({ id, name, pop3, imap, smtp, otherHosts = [] }) =>
        `| ${name.en} (${name.ko}) | \`${id}\` | ${cell(pop3)} | ${cell(imap)}${otherHosts.map((host) => `, \`${host}\``).join('')} | ${cell(smtp)} |`,
    );
    const advice = PROVIDERS.map(({ name, advice: { en, ko } }) => `- **${name.en}**: ${en}\n  ${ko}`);
    const text = `# Providers

What \`mailferry providers\` knows, for \`--from ADDRESS\` and \`--provider ID\`. Collected from published guides; **none of it was checked live**,
and providers change it. The user name is the whole address, but for iCloud, where it is the part before the @. TLS is from the
first byte unless it says otherwise; what goes without TLS takes \`--allow-insecure\`.

| provider | id | POP3 | IMAP | SMTP |
| --- | --- | --- | --- | --- |
${rows.join('\n')}

## How to switch POP3 and IMAP on

${advice.join('\n')}
`;
    await expect(text).toMatchFileSnapshot('../../../../docs/providers.md');
  });
});

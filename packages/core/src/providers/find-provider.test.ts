import { describe, expect, it } from 'vitest';
import { parseImapUrl } from '../net/imap/imap-address.ts';
import { parsePop3Url } from '../source/pop3/pop3-address.ts';
import { providerById, providerOfAddress, providerOfHost, sourceUrlFor } from './find-provider.ts';
import { PROVIDERS } from './presets.ts';
import type { Provider, ProviderServer } from './provider.ts';

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

/** Of kim@a.kr: by IMAP, by POP3. */
const URLS: [string, string | null, string | null][] = [
  ['hiworks', null, 'pop3s://kim%40a.kr@pop3s.hiworks.com:995'],
  ['mailplug', 'imaps://kim%40a.kr;AUTH=LOGIN@imap.mailplug.co.kr:993', 'pop3s://kim%40a.kr;AUTH=LOGIN@pop3.mailplug.co.kr:995'],
  ['mailplug-overseas', null, 'pop3://kim%40a.kr@mproxy01.mailplug.co.kr:1110'],
  ['ecount', 'imap://kim%40a.kr@wmbox1.ecounterp.com:143', 'pop3://kim%40a.kr@wmbox1.ecounterp.com:110'],
  ['whois', null, 'pop3://kim%40a.kr@mail.whoismail.net:110'],
  ['naver', 'imaps://kim%40a.kr@imap.naver.com:993', 'pop3s://kim%40a.kr@pop.naver.com:995'],
  ['naver-works', 'imaps://kim%40a.kr@imap.worksmobile.com:993', 'pop3s://kim%40a.kr@pop.worksmobile.com:995'],
  ['daum', 'imaps://kim%40a.kr@imap.daum.net:993', 'pop3s://kim%40a.kr@pop.daum.net:995'],
  ['kakao', 'imaps://kim%40a.kr@imap.kakao.com:993', 'pop3s://kim%40a.kr@pop.kakao.com:995'],
  ['nate', 'imaps://kim%40a.kr@imap.nate.com:993', null],
  ['gmail', 'imaps://kim%40a.kr@imap.gmail.com:993', 'pop3s://kim%40a.kr@pop.gmail.com:995'],
  ['microsoft', 'imaps://kim%40a.kr@outlook.office365.com:993', 'pop3s://kim%40a.kr@outlook.office365.com:995'],
  ['yahoo', 'imaps://kim%40a.kr@export.imap.mail.yahoo.com:993', 'pop3s://kim%40a.kr@pop.mail.yahoo.com:995'],
  ['icloud', 'imaps://kim@imap.mail.me.com:993', null],
  ['zoho', 'imaps://kim%40a.kr@imap.zoho.com:993', 'pop3s://kim%40a.kr@pop.zoho.com:995'],
  ['dooray', 'imaps://kim%40a.kr@imap.dooray.com:993', null],
];

const presetOf = (id: string): Provider => {
  const provider = providerById(id);
  if (provider) return provider;
  throw new Error(`no provider ${id}`);
};

describe('presets', () => {
  it('are those of the SPEC', () => {
    expect(PROVIDERS.map(({ id, pop3, imap, smtp }) => [id, shown(pop3), shown(imap), shown(smtp)])).toEqual(SPEC);
  });

  it.each(URLS)('%s makes the URLs %s and %s', (id, imapUrl, pop3Url) => {
    const provider = presetOf(id);
    for (const [way, expected, parse] of [
      ['imap', imapUrl, parseImapUrl],
      ['pop3', pop3Url, parsePop3Url],
    ] as const) {
      if (expected === null) {
        expect(() => sourceUrlFor(provider, 'kim@a.kr', way)).toThrow(expect.objectContaining({ code: 'option-invalid' }));
        continue;
      }
      const { url, needsInsecure } = sourceUrlFor(provider, 'kim@a.kr', way);
      expect(url).toBe(expected);
      expect(needsInsecure).toBe(provider[way]?.security === 'plain');
      const { user } = parse(sourceUrlFor(provider, '김.kim+x;y%@a.kr', way).url);
      expect(user).toBe(provider.userName === 'address' ? '김.kim+x;y%@a.kr' : '김.kim+x;y%');
    }
  });

  it('prefer IMAP, which shows all mailboxes', () => {
    for (const provider of PROVIDERS)
      expect(sourceUrlFor(provider, 'kim@a.kr')).toEqual(sourceUrlFor(provider, 'kim@a.kr', provider.imap ? 'imap' : 'pop3'));
  });

  it('leave no domain and no host to two providers', () => {
    const domains = PROVIDERS.flatMap((provider) => provider.domains);
    expect(new Set(domains).size).toBe(domains.length);
    const hosts = PROVIDERS.flatMap(({ pop3, imap, otherHosts = [] }) => [...new Set([pop3?.host, imap?.host, ...otherHosts])]);
    const named = hosts.filter((host) => host !== undefined);
    expect(new Set(named).size).toBe(named.length);
  });

  it('are found by address, by host and by name', () => {
    expect(providerOfAddress('Kim@NAVER.com')?.id).toBe('naver');
    expect(providerOfAddress('kim@hanmail.net')?.id).toBe('daum');
    expect(providerOfAddress('kim@company.co.kr')).toBeNull();
    expect(providerOfAddress('kim@yahoo.co.jp')).toBeNull();
    expect(providerOfAddress('kim@mail.naver.com')).toBeNull();
    expect(providerOfAddress('naver.com')).toBeNull();
    expect(providerOfHost('IMAP.naver.com')?.id).toBe('naver');
    expect(providerOfHost('wmbox3.ecounterp.com')?.id).toBe('ecount');
    expect(providerOfHost('smtp.naver.com')).toBeNull();
    expect(providerById('Gmail')?.id).toBe('gmail');
    expect(providerById('elsewhere')).toBeNull();
  });
});

describe('the guide to providers', () => {
  it('is in step with the presets', async () => {
    const cell = (server: ProviderServer | null): string =>
      server
        ? `\`${server.host}:${server.port}\`${server.security === 'tls' ? '' : ` ${server.security === 'plain' ? 'without TLS' : 'STARTTLS'}`}`
        : '–';
    const rows = PROVIDERS.map(
      ({ id, name, pop3, imap, smtp }) => `| ${name.en} (${name.ko}) | \`${id}\` | ${cell(pop3)} | ${cell(imap)} | ${cell(smtp)} |`,
    );
    const guides = PROVIDERS.map(({ name, domains, otherHosts = [], advice: { en, ko }, sources }) =>
      [
        `- **${name.en}**: ${en}\n  ${ko}`,
        ...(domains.length === 0 ? [] : [`  Addresses: ${domains.join(', ')}.`]),
        ...(otherHosts.length === 0 ? [] : [`  Other servers: ${otherHosts.map((host) => `\`${host}\``).join(', ')}.`]),
        sources.length === 0
          ? '  No public guide was found: the names of menus are unconfirmed.'
          : `  By ${sources.map((source) => `[${new URL(source).host}](${source})`).join(', ')}.`,
      ].join('\n'),
    );
    const text = `# Providers

What \`mailferry providers\` knows, for \`--from ADDRESS\` and \`--provider ID\`. The servers are those of SPEC, "Presets of providers"; **none of it was
checked live**, and providers change it. The user name is the whole address, but for iCloud, where it is the part before the @. TLS is from the
first byte unless it says otherwise; what goes without TLS takes \`--allow-insecure\`. For another server of a provider, give its URL:
\`--from imaps://kim%40company.eu@imap.zoho.eu\`. OAuth 2.0 is told of in [oauth2.md](oauth2.md).

| provider | id | POP3 | IMAP | SMTP |
| --- | --- | --- | --- | --- |
${rows.join('\n')}

## How to switch POP3 and IMAP on

${guides.join('\n')}
`;
    await expect(text).toMatchFileSnapshot('../../../../docs/providers.md');
  });
});

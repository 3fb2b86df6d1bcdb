import { PROVIDERS } from '@mailferry/core/providers';
import { describe, expect, it } from 'vitest';
import { Secrets } from '../secrets.ts';
import { textsOf } from '../texts.ts';
import { displayWidth } from './display-width.ts';
import { reportJson } from './json.ts';
import { reportText } from './report.ts';

const render = (providers: typeof PROVIDERS, language: 'en' | 'ko', columns = 80): string =>
  reportText({ kind: 'providers', providers }, textsOf(language), new Secrets(), columns);
const only = (id: string) => PROVIDERS.filter((provider) => provider.id === id);

describe.each(['en', 'ko'] as const)('providers (%s)', (language) => {
  it('are one line each, and fit into 80 columns', () => {
    const lines = render(PROVIDERS, language).split('\n');
    for (const { id, name } of PROVIDERS)
      expect(lines.filter((line) => line.startsWith(`${id} `) && line.includes(name[language]))).toHaveLength(1);
    expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(80);
  });

  it.each(PROVIDERS.map(({ id }) => id))('%s is told with its servers and how it is switched on', (id) => {
    const text = render(only(id), language);
    const [provider] = only(id);
    for (const server of [provider?.imap, provider?.pop3, provider?.smtp])
      if (server) expect(text).toContain(`${server.host}:${server.port}`);
    expect(text.replaceAll('\n', ' ')).toContain(provider?.advice[language]);
    for (const guide of provider?.sources ?? []) expect(text).toContain(`\n  ${guide}\n`);
    const lines = text.split('\n').filter((line) => !line.includes('://'));
    expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(80);
  });
});

describe('a provider', () => {
  it('says whether a published guide tells of it, and that nobody checked', () => {
    const [naver] = only('naver');
    if (!naver) throw new Error('naver is missing');
    const of = (sources: readonly string[]) => render([{ ...naver, sources }], 'en');
    expect(of(['https://help.example/imap'])).toMatch(
      /\n\nGuides:\n {2}https:\/\/help\.example\/imap\n\nCollected from .*not checked live\.\n$/,
    );
    expect(of([])).toMatch(/\n\nNo published guide confirms this; not checked live\.\n$/);
  });

  it('without TLS says so', () => {
    expect(render(only('ecount'), 'en')).toContain('POP3         wmbox1.ecounterp.com:110 (without TLS)');
    expect(render(PROVIDERS, 'ko')).toMatch(/\nwhois +후이즈 +– +TLS 없음\n/);
  });

  it('is JSON for a program', () => {
    const providers = only('naver');
    expect(JSON.parse(reportJson({ kind: 'providers', providers }, new Secrets()))).toEqual({ kind: 'providers', providers, exitCode: 0 });
  });
});

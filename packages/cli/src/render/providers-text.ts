import type { Provider, ProviderServer } from '@mailferry/core/providers';
import type { ProvidersReport } from '../commands/providers.ts';
import type { Texts } from '../texts.ts';
import { wrapToWidth } from './display-width.ts';
import { labelledLines, textTable } from './table.ts';

const ABSENT = '–';

const serverText = (server: ProviderServer | null, texts: Texts): string => {
  if (server === null) return ABSENT;
  const { host, port, security } = server;
  return `${host}:${port}${security === 'tls' ? '' : ` (${texts.text(`probe.security.${security}`)})`}`;
};

const details = (provider: Provider, texts: Texts, columns: number): string[][] => {
  const { id, name, domains, pop3, imap, smtp, otherHosts = [], userName, secret, advice, sources } = provider;
  const rows: [string, string][] = [
    ['IMAP', serverText(imap, texts)],
    ['POP3', serverText(pop3, texts)],
    ['SMTP', serverText(smtp, texts)],
    [texts.text('providers.user'), texts.text(`providers.user.${userName}`)],
    [texts.text('providers.secret'), texts.text(`providers.secret.${secret}`)],
  ];
  if (otherHosts.length > 0) rows.push([texts.text('providers.other-hosts'), otherHosts.join(', ')]);
  if (domains.length > 0) rows.push([texts.text('providers.domains'), domains.join(', ')]);
  const guides = sources.length === 0 ? [] : [texts.text('providers.guides'), ...sources.map((source) => `  ${source}`)];
  const checked = texts.text(sources.length === 0 ? 'providers.unconfirmed' : 'providers.unchecked');
  return [
    [`${name[texts.language]} [${id}]`],
    labelledLines(rows, columns),
    wrapToWidth(advice[texts.language], columns, 0),
    guides,
    wrapToWidth(checked, columns, 0),
  ];
};

const wayText = (server: ProviderServer | null, texts: Texts): string =>
  server === null ? ABSENT : texts.text(`probe.security.${server.security}`);

const overview = (providers: readonly Provider[], texts: Texts): string[] =>
  textTable([
    [texts.text('providers.id'), texts.text('providers.name'), 'IMAP', 'POP3'],
    ...providers.map(({ id, name, imap, pop3 }) => [id, name[texts.language], wayText(imap, texts), wayText(pop3, texts)]),
  ]);

/** All providers, a line each; or everything about the one that was asked for. */
export const providersText = ({ providers }: ProvidersReport, texts: Texts, columns: number): string[][] => {
  const [only, ...others] = providers;
  if (only && others.length === 0) return details(only, texts, columns);
  const below = [texts.text('providers.more'), texts.text('providers.unchecked')];
  return [overview(providers, texts), ...below.map((sentence) => wrapToWidth(sentence, columns, 0))];
};

import type { Provider, ProviderServer } from '@mailferry/core/providers';
import type { ProvidersReport } from '../commands/providers.ts';
import type { Texts } from '../texts.ts';
import { displayWidth } from './display-width.ts';
import { labelledLines } from './table.ts';

const serverText = (server: ProviderServer | null, texts: Texts): string =>
  server === null
    ? '–'
    : `${server.host}:${server.port}${server.security === 'tls' ? '' : ` (${texts.text(`probe.security.${server.security}`)})`}`;

const details = (provider: Provider, texts: Texts): string[][] => {
  const { id, name, domains, pop3, imap, smtp, otherHosts = [], userName, secret, advice } = provider;
  const rows: [string, string][] = [
    ['IMAP', serverText(imap, texts)],
    ['POP3', serverText(pop3, texts)],
    ['SMTP', serverText(smtp, texts)],
    [texts.text('providers.user'), texts.text(`providers.user.${userName}`)],
    [texts.text('providers.secret'), texts.text(`providers.secret.${secret}`)],
  ];
  if (otherHosts.length > 0) rows.push([texts.text('providers.other-hosts'), otherHosts.join(', ')]);
  if (domains.length > 0) rows.push([texts.text('providers.domains'), domains.join(', ')]);
  return [[`${name[texts.language]} [${id}]`], labelledLines(rows), [advice[texts.language]]];
};

const overview = (providers: readonly Provider[], texts: Texts): string[] => {
  const rows = providers.map(({ id, name, imap, pop3 }) => [id, name[texts.language], serverText(imap ?? pop3, texts)]);
  const widths = [0, 1].map((at) => Math.max(...rows.map((row) => displayWidth(row[at] ?? ''))));
  const pad = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - displayWidth(text)));
  return rows.map(([id = '', name = '', server = '']) => `${pad(id, widths[0] ?? 0)}  ${pad(name, widths[1] ?? 0)}  ${server}`);
};

/** All providers, a line each; or everything about the one that was asked for. */
export const providersText = ({ providers }: ProvidersReport, texts: Texts): string[][] => {
  const [only, ...others] = providers;
  if (only && others.length === 0) return [...details(only, texts), [texts.text('providers.unchecked')]];
  return [overview(providers, texts), [texts.text('providers.more')], [texts.text('providers.unchecked')]];
};

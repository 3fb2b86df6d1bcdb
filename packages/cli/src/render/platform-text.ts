import { isIPv6 } from 'node:net';
import type { PlatformEvent } from '@mailferry/platform';
import type { RunningPlatform } from '../commands/platform-serve.ts';
import type { Texts } from '../texts.ts';
import { printable } from './display-width.ts';
import { labelledLines } from './table.ts';

const accountText = ({ user, password }: RunningPlatform['accounts'][number], texts: Texts): string =>
  password === null ? user : texts.text('serve.password-shown', { user, password });

/** As it stands in a URL; the `@` of a whole address may stay, and is easier to read. */
const urlUser = (user: string): string => encodeURIComponent(user).replaceAll('%40', '@');

/** Where the platform is, and how to try it. */
export const platformText = (platform: RunningPlatform, texts: Texts): string => {
  const { host, imapPort, pop3Port, smtpPort, httpUrl, directory, superAdmin, accounts } = platform;
  const at = (port: number): string => [isIPv6(host) ? `[${host}]` : host, port].join(':');
  const imap = at(imapPort);
  const [first, second] = accounts;
  // With one account only, the mail has to come from elsewhere.
  const from = first && second ? `imap://${urlUser(first.user)}@${imap} --allow-insecure` : 'imaps://user@host';
  const to = httpUrl.replace('://', () => `://${urlUser((second ?? first ?? { user: 'user' }).user)}@`);
  const lines = [
    texts.text('serve.started'),
    ...labelledLines([
      ['IMAP', imap],
      ['POP3', pop3Port === null ? texts.text('serve.pop3-off') : at(pop3Port)],
      ['SMTP', smtpPort === null ? texts.text('serve.pop3-off') : at(smtpPort)],
      ['HTTP', httpUrl],
      [
        texts.text('serve.console'),
        [`${httpUrl}/console`, ...(superAdmin === null ? [] : [texts.text('serve.super-admin', { user: superAdmin })])].join('  '),
      ],
      [texts.text('serve.data'), directory === null ? texts.text('serve.data-memory') : printable(directory)],
      ...accounts.map((account) => [texts.text('serve.account'), accountText(account, texts)] as const),
    ]),
    '',
    texts.text('serve.try'),
    `  mailferry migrate --from ${from} --to ${to} --archive ./archive`,
    texts.text('serve.stop'),
  ];
  return `${lines.join('\n')}\n`;
};

const clock = (instant: Date): string => instant.toTimeString().slice(0, 8);

/** One line about a log-in, or a client that was cut off. What it typed as its user may be anything. */
export const platformEventText = (event: PlatformEvent, texts: Texts): string => {
  const { route, address } = event;
  const time = clock(new Date());
  if (event.kind === 'connection-ended') return texts.text('serve.cut-off', { time, route, address, reason: event.reason });
  return texts.text('serve.logged-in', { time, route, user: printable(event.user), address, result: event.result });
};

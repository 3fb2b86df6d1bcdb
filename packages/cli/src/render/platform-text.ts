import { isIPv6 } from 'node:net';
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
  const { host, imapPort, pop3Port, smtpPort, httpUrl, directory, accounts } = platform;
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
      ...(pop3Port === null ? [] : [['POP3', at(pop3Port)] as const]),
      ...(smtpPort === null ? [] : [['SMTP', at(smtpPort)] as const]),
      ['HTTP', httpUrl],
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

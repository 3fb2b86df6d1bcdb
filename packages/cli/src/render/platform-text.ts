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
  const { host, imapPort, httpUrl, directory, accounts } = platform;
  const [source = { user: 'user' }, target = source] = accounts;
  const imap = [isIPv6(host) ? `[${host}]` : host, imapPort].join(':');
  const from = `imap://${urlUser(source.user)}@${imap}`;
  const to = httpUrl.replace('://', () => `://${urlUser(target.user)}@`);
  const lines = [
    texts.text('serve.started'),
    ...labelledLines([
      ['IMAP', imap],
      ['HTTP', httpUrl],
      [texts.text('serve.data'), directory === null ? texts.text('serve.data-memory') : printable(directory)],
      ...accounts.map((account) => [texts.text('serve.account'), accountText(account, texts)] as const),
    ]),
    '',
    texts.text('serve.try'),
    `  mailferry migrate --from ${from} --allow-insecure --to ${to} --archive ./archive`,
    texts.text('serve.stop'),
  ];
  return `${lines.join('\n')}\n`;
};

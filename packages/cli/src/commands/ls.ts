import { resolve } from 'node:path';
import { type ListedEntry, listMailboxes, listMessages } from '@mailferry/core/operations';
import { readIdentity } from '../archive-keys.ts';
import { EXIT_CODES, type ExitCode } from '../exit-code.ts';
import { given } from '../given.ts';
import { lsOptions, readOptions } from '../options.ts';
import type { Output } from '../output.ts';
import { jsonText } from '../render/json.ts';
import { mailboxesText, messagesSentence, messageTable } from '../render/listing-text.ts';
import type { StreamContext } from '../stream-context.ts';
import { readTimeZone } from '../time-zone.ts';

/** Without a pattern the mailboxes; with one, or `--messages`, the messages. */
export const runLs = async (args: unknown, context: StreamContext): Promise<ExitCode> => {
  const options = readOptions(lsOptions, args, context.texts);
  const timeZone = readTimeZone(options['time-zone'], context.texts);
  const archive = { directory: resolve(options.path), identities: await readIdentity(options), signal: context.signal };
  if (options.mailbox !== undefined || options.messages) {
    const mailboxes = options.mailbox === undefined ? undefined : [options.mailbox];
    return writeMessages({ ...archive, ...given({ mailboxes }) }, timeZone, context);
  }
  const report = await listMailboxes(archive);
  const { output, texts, json } = context;
  await output.write(json ? jsonText(report, EXIT_CODES.done) : mailboxesText(report, texts, timeZone, output.columns));
  return EXIT_CODES.done;
};

type Listing = Omit<Parameters<typeof listMessages>[0], 'onMessage'>;

const writeMessages = async (listing: Listing, timeZone: string, context: StreamContext): Promise<ExitCode> => {
  const { output, json, texts, onProgress } = context;
  const onMessage = json ? await jsonList(output, listing.directory) : tableLines(timeZone, context);
  const report = await listMessages({ ...listing, onMessage, onProgress });
  const exitCode = report.unread > 0 ? EXIT_CODES.partial : EXIT_CODES.done;
  if (json) await output.endList({ messages: report.messages, unread: report.unread, exitCode });
  else await output.lines(['', messagesSentence(report, texts)]);
  return exitCode;
};

const jsonList = async (output: Output, path: string) => {
  await output.beginList({ kind: 'messages', path }, 'list');
  return (message: ListedEntry) => output.addItem(message);
};

const tableLines = (timeZone: string, { output, texts }: StreamContext) => {
  const table = messageTable(texts, timeZone, output.columns);
  let isFirst = true;
  return async (message: ListedEntry) => {
    if (isFirst) await output.lines(table.heading(message));
    isFirst = false;
    await output.lines([table.line(message)]);
  };
};

import { type DownloadContactsReport, downloadContacts } from '@mailferry/core/contacts';
import { readTargetUrl } from '../../account-url.ts';
import type { CommandContext } from '../../command-context.ts';
import { contactsDownloadOptions } from '../../contacts-options.ts';
import { openAddressBookAccount } from '../../open-account.ts';
import { readOptions } from '../../options.ts';
import { detailsPath, outputPath, writingOf } from './contact-options.ts';

export const runContactsDownload = async (args: unknown, context: CommandContext): Promise<DownloadContactsReport> => {
  const { texts, signal, onProgress } = context;
  const options = readOptions(contactsDownloadOptions, args, texts);
  const out = outputPath('--out', options.out, options.overwrite, [], texts);
  const details = detailsPath(options, [], texts);
  const from = readTargetUrl(options.from, options['allow-insecure'], texts, '--from');
  const source = await openAddressBookAccount('from', options, from, context);
  const book = options.shared ? 'shared' : 'mine';
  return downloadContacts({ ...writingOf(options), book, form: options.form, out, details, source, onProgress, signal });
};

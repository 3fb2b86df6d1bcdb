import { resolve } from 'node:path';
import { type UploadContactsReport, uploadContacts } from '@mailferry/core/contacts';
import { readTargetUrl } from '../../account-url.ts';
import type { CommandContext } from '../../command-context.ts';
import { contactsUploadOptions } from '../../contacts-options.ts';
import { openAddressBookAccount } from '../../open-account.ts';
import { readOptions } from '../../options.ts';
import { readingOf } from './contact-options.ts';

export const runContactsUpload = async (args: unknown, context: CommandContext): Promise<UploadContactsReport> => {
  const { texts, signal, onProgress } = context;
  const options = readOptions(contactsUploadOptions, args, texts);
  const to = readTargetUrl(options.to, options['allow-insecure'], texts);
  const target = await openAddressBookAccount('to', options, to, context);
  const book = options.shared ? 'shared' : 'mine';
  return uploadContacts({ ...readingOf(options), path: resolve(options.path), book, target, onProgress, signal });
};

import { resolve } from 'node:path';
import { type DetectContactsReport, detectContacts } from '@mailferry/core/contacts';
import type { CommandContext } from '../../command-context.ts';
import { contactsReadOptions } from '../../contacts-options.ts';
import { readOptions } from '../../options.ts';
import { readingOf } from './contact-options.ts';

export const runContactsDetect = async (args: unknown, { texts, signal }: CommandContext): Promise<DetectContactsReport> => {
  const options = readOptions(contactsReadOptions, args, texts);
  return detectContacts(resolve(options.path), readingOf(options), signal);
};

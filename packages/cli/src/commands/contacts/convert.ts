import { resolve } from 'node:path';
import { type ConvertContactsReport, convertContacts } from '@mailferry/core/contacts';
import type { CommandContext } from '../../command-context.ts';
import { type ContactsWriteOptions, contactsWriteOptions } from '../../contacts-options.ts';
import { readOptions } from '../../options.ts';
import { detailsPath, outputPath, readingOf, splitOutput, writingOf } from './contact-options.ts';

const convert = (
  options: ContactsWriteOptions,
  out: string,
  rowsPerFile: number | undefined,
  { texts, signal, onProgress }: CommandContext,
): Promise<ConvertContactsReport> => {
  const paths = [options.path, ...options.more].map((path) => resolve(path));
  const details = detailsPath(options, paths, texts);
  return convertContacts({ ...readingOf(options), ...writingOf(options), paths, out, rowsPerFile, details, onProgress, signal });
};

/** Also for several files, which become one. */
export const runContactsConvert = async (args: unknown, context: CommandContext): Promise<ConvertContactsReport> => {
  const options = readOptions(contactsWriteOptions, args, context.texts);
  const sources = [options.path, ...options.more];
  return convert(options, outputPath('--out', options.out, options.overwrite, sources, context.texts), undefined, context);
};

export const runContactsSplit = async (args: unknown, context: CommandContext): Promise<ConvertContactsReport> => {
  const options = readOptions(contactsWriteOptions, args, context.texts);
  return convert(options, splitOutput(options.out, options.overwrite, context.texts), options.rows, context);
};

import { resolve } from 'node:path';
import { type ConvertContactsOptions, type ConvertContactsReport, convertContacts, IMPORT_ROWS } from '@mailferry/core/contacts';
import type { CommandContext } from '../../command-context.ts';
import { type ContactsWriteOptions, contactsWriteOptions } from '../../contacts-options.ts';
import { readOptions } from '../../options.ts';
import { detailsPath, outputPath, readingOf, splitOutput, writingOf } from './contact-options.ts';

const convert = (
  options: ContactsWriteOptions,
  out: string,
  size: Pick<ConvertContactsOptions, 'rowsPerFile' | 'maxRows'>,
  { texts, signal, onProgress }: CommandContext,
): Promise<ConvertContactsReport> => {
  const paths = [options.path, ...options.more].map((path) => resolve(path));
  const details = detailsPath(options, paths, texts);
  return convertContacts({
    ...readingOf(options),
    ...writingOf(options),
    paths,
    out,
    ...size,
    mayReplace: options.overwrite,
    details,
    onProgress,
    signal,
  });
};

/** Also for several files, which become one, unless the target takes fewer contacts at a time. */
export const runContactsConvert = async (args: unknown, context: CommandContext): Promise<ConvertContactsReport> => {
  const options = readOptions(contactsWriteOptions, args, context.texts);
  const sources = [options.path, ...options.more];
  return convert(
    options,
    outputPath('--out', options.out, options.overwrite, sources, context.texts),
    { maxRows: options.rows ?? 'import' },
    context,
  );
};

export const runContactsSplit = async (args: unknown, context: CommandContext): Promise<ConvertContactsReport> => {
  const options = readOptions(contactsWriteOptions, args, context.texts);
  return convert(
    options,
    splitOutput(options.out, options.overwrite, context.texts),
    { rowsPerFile: options.rows ?? IMPORT_ROWS },
    context,
  );
};

import { resolve } from 'node:path';
import { type DedupeContactsReport, dedupeContacts } from '@mailferry/core/contacts';
import type { CommandContext } from '../../command-context.ts';
import { contactsDedupeOptions } from '../../contacts-options.ts';
import { optionInvalid } from '../../option-invalid.ts';
import { readOptions } from '../../options.ts';
import { detailsPath, outputPath, readingOf, writingOf } from './contact-options.ts';

export const runContactsDedupe = async (args: unknown, { texts, signal, onProgress }: CommandContext): Promise<DedupeContactsReport> => {
  const options = readOptions(contactsDedupeOptions, args, texts);
  const paths = [options.path, ...options.more].map((path) => resolve(path));
  const out = options.out === undefined ? null : outputPath('--out', options.out, options.overwrite, paths, texts);
  if (out === null && options.details !== undefined) throw optionInvalid('--details', texts.text('reason.needs-out'));
  const details = detailsPath(options, paths, texts);
  return dedupeContacts({
    ...readingOf(options),
    ...writingOf(options),
    paths,
    by: options.by,
    out,
    maxRows: options.rows ?? 'import',
    mayReplace: options.overwrite,
    details,
    onProgress,
    signal,
  });
};

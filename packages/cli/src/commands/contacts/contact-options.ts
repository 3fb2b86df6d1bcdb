import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type ContactReading, type ContactWriting, isSplitPath } from '@mailferry/core/contacts';
import type { ContactsReadOptions, ContactsWriteOptions } from '../../contacts-options.ts';
import { optionInvalid } from '../../option-invalid.ts';
import type { Texts } from '../../texts.ts';

/** How the files of a command are to be read. */
export const readingOf = ({ from, encoding, delimiter, map }: Omit<ContactsReadOptions, 'path'>): ContactReading => ({
  from,
  encoding,
  delimiter,
  map: new Map(
    map.map((pair) => {
      const at = pair.lastIndexOf('=');
      return [pair.slice(0, at), pair.slice(at + 1)] as const;
    }),
  ),
});

type WritingOptions = Pick<ContactsWriteOptions, 'to' | 'output-encoding' | 'raw' | 'national-id' | 'incomplete'>;

/** How the file of a command is to be written. */
export const writingOf = (options: WritingOptions): ContactWriting => ({
  to: options.to,
  outputEncoding: options['output-encoding'],
  isRaw: options.raw,
  withNationalId: options['national-id'],
  incomplete: options.incomplete,
});

/** The path of a file that is to be written, which must not be there, unless it may be replaced, and never is one that is read. */
export const outputPath = (option: string, path: string, overwrite: boolean, sources: readonly string[], texts: Texts): string => {
  const full = resolve(path);
  if (sources.some((source) => resolve(source) === full)) throw optionInvalid(option, texts.text('reason.same-file'));
  if (!overwrite && existsSync(full)) throw optionInvalid(option, texts.text('reason.file-present-overwrite'));
  return full;
};

/** The path that the files of a split are named after: none of them must be there, unless they may be replaced. */
export const splitOutput = (path: string, overwrite: boolean, texts: Texts): string => {
  const full = resolve(path);
  const folder = dirname(full);
  const isTaken = existsSync(folder) && readdirSync(folder).some((name) => isSplitPath(full, join(folder, name)));
  if (!overwrite && isTaken) throw optionInvalid('--out', texts.text('reason.file-present-overwrite'));
  return full;
};

/** The list of rejected rows and losses, if one is wanted. */
export const detailsPath = (
  { details, overwrite }: Pick<ContactsWriteOptions, 'details' | 'overwrite'>,
  sources: readonly string[],
  texts: Texts,
): string | undefined => (details === undefined ? undefined : outputPath('--details', details, overwrite, sources, texts));

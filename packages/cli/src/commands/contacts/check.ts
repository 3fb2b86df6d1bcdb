import { resolve } from 'node:path';
import { checkContacts } from '@mailferry/core/contacts';
import { contactsReadOptions } from '../../contacts-options.ts';
import { EXIT_CODES, type ExitCode } from '../../exit-code.ts';
import { readOptions } from '../../options.ts';
import { checkedRowLines, checkSummaryLines } from '../../render/contacts-check-text.ts';
import type { StreamContext } from '../../stream-context.ts';
import { readingOf } from './contact-options.ts';

/** Lists rows as they are found, however many there are. */
export const runContactsCheck = async (args: unknown, context: StreamContext): Promise<ExitCode> => {
  const { texts, signal, onProgress, output, json } = context;
  const options = readOptions(contactsReadOptions, args, texts);
  const path = resolve(options.path);
  if (json) await output.beginList({ kind: 'contacts-checked', path }, 'problems');
  const report = await checkContacts({
    ...readingOf(options),
    path,
    signal,
    onProgress,
    onRow: (row) => (json ? output.addItem(row) : output.lines(checkedRowLines(row, texts, output.columns))),
  });
  const hasProblems = report.rejected + report.duplicates > 0;
  const exitCode = hasProblems ? EXIT_CODES.partial : EXIT_CODES.done;
  const { kind: _, path: __, ...summary } = report;
  if (json) await output.endList({ ...summary, exitCode });
  else await output.lines([...(hasProblems ? [''] : []), ...checkSummaryLines(report, texts, output.columns)]);
  return exitCode;
};

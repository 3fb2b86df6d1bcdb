import { resolve } from 'node:path';
import { type SearchHit, type SearchQuery, searchArchive } from '@mailferry/core/operations';
import { readIdentity } from '../archive-keys.ts';
import { EXIT_CODES, type ExitCode } from '../exit-code.ts';
import { periodOf } from '../filter.ts';
import { given } from '../given.ts';
import { optionInvalid } from '../option-invalid.ts';
import { readOptions, type SearchOptions, searchOptions } from '../options.ts';
import { timeFormat } from '../render/listing-text.ts';
import { hitLines, searchLines } from '../render/search-text.ts';
import type { StreamContext } from '../stream-context.ts';
import type { Texts } from '../texts.ts';
import { readTimeZone } from '../time-zone.ts';

const readQuery = (options: SearchOptions, timeZone: string, texts: Texts): SearchQuery => {
  const { words, from, to, subject, mailbox, period } = options;
  const query = given({
    ...{ from, to, subject },
    mailboxes: mailbox.length > 0 ? mailbox : undefined,
    period: period === undefined ? undefined : periodOf(period, timeZone, texts),
    hasAttachment: options['has-attachment'] ? true : undefined,
  });
  if (words.length === 0 && Object.keys(query).length === 0) throw optionInvalid('[words..]', texts.text('reason.nothing-to-find'));
  return { phrases: words, ...query };
};

export const runSearch = async (args: unknown, context: StreamContext): Promise<ExitCode> => {
  const { output, json, texts, secrets, onProgress, signal } = context;
  const options = readOptions(searchOptions, args, texts);
  const timeZone = readTimeZone(options['time-zone'], texts);
  const query = readQuery(options, timeZone, texts);
  const directory = resolve(options.path);
  const identities = await readIdentity(options);
  if (json) await output.beginList({ kind: 'search', path: directory }, 'hits');
  const times = timeFormat(timeZone);
  const onHit = (hit: SearchHit) => (json ? output.addItem(hit) : output.lines(hitLines(hit, texts, times, output.columns)));
  const report = await searchArchive({ directory, identities, query, onHit, onProgress, signal });
  const exitCode = report.unread > 0 ? EXIT_CODES.partial : EXIT_CODES.done;
  const { kind: _kind, path: _path, ...counts } = report;
  if (json) await output.endList({ ...counts, exitCode });
  else await output.lines(searchLines(report, texts, secrets, output.columns));
  return exitCode;
};

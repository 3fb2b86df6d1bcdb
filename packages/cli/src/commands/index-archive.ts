import { resolve } from 'node:path';
import { indexArchive } from '@mailferry/core/operations';
import { readIdentity } from '../archive-keys.ts';
import { EXIT_CODES, type ExitCode } from '../exit-code.ts';
import { indexOptions, readOptions } from '../options.ts';
import { indexLines } from '../render/index-text.ts';
import { jsonText } from '../render/json.ts';
import type { StreamContext } from '../stream-context.ts';
import { readTimeZone } from '../time-zone.ts';

export const runIndex = async (args: unknown, { texts, output, json, signal, onProgress }: StreamContext): Promise<ExitCode> => {
  const options = readOptions(indexOptions, args, texts);
  const timeZone = readTimeZone(options['time-zone'], texts);
  const identities = await readIdentity(options);
  const [directory, out] = [resolve(options.path), resolve(options.out)];
  const report = await indexArchive({ directory, out, identities, language: texts.language, timeZone, onProgress, signal });
  const exitCode = report.unread > 0 ? EXIT_CODES.partial : EXIT_CODES.done;
  if (json) await output.write(jsonText(report, exitCode));
  else await output.lines(indexLines(report, texts, output.columns));
  return exitCode;
};

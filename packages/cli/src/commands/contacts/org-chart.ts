import { extname, resolve } from 'node:path';
import { drawOrgChart, type OrgChartReport } from '@mailferry/core/contacts';
import type { CommandContext } from '../../command-context.ts';
import { contactsOrgChartOptions } from '../../contacts-options.ts';
import { optionInvalid } from '../../option-invalid.ts';
import { readOptions } from '../../options.ts';
import type { Texts } from '../../texts.ts';
import { outputPath, readingOf } from './contact-options.ts';

const kindOf = (out: string, texts: Texts): 'svg' | 'json' => {
  const extension = extname(out).toLowerCase();
  if (extension === '.svg') return 'svg';
  if (extension === '.json') return 'json';
  throw optionInvalid('--out', texts.text('reason.chart-extension'));
};

export const runContactsOrgChart = async (args: unknown, { texts, signal }: CommandContext): Promise<OrgChartReport> => {
  const options = readOptions(contactsOrgChartOptions, args, texts);
  const as = kindOf(options.out, texts);
  const out = outputPath('--out', options.out, options.overwrite, [options.path], texts);
  const { language } = texts;
  return drawOrgChart({
    ...readingOf(options),
    path: resolve(options.path),
    out,
    as,
    withMembers: options['with-members'],
    language,
    signal,
  });
};

import { type MessageFilter, type Period, readPeriod } from '@mailferry/core/mail';
import { given } from './given.ts';
import { optionInvalid } from './option-invalid.ts';
import type { FilterOptions } from './options.ts';
import type { Texts } from './texts.ts';

/** The filter of the options; days are those of `--time-zone`, else of this machine. Throws `option-invalid`. */
export const readFilter = (options: FilterOptions, texts: Texts): MessageFilter => {
  const some = (values: readonly string[]): readonly string[] | undefined => (values.length > 0 ? values : undefined);
  return given({
    include: some(options.include),
    exclude: some(options.exclude),
    period: options.period === undefined ? undefined : periodOf(options.period, options['time-zone'], texts),
    minSizeBytes: options['larger-than'],
    maxSizeBytes: options['smaller-than'],
    withFlags: some(options['with-flag']),
    withoutFlags: some(options['without-flag']),
  });
};

const periodOf = (text: string, timeZone: string | undefined, texts: Texts): Period => {
  const zone = timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  try {
    Intl.DateTimeFormat('en-US', { timeZone: zone });
  } catch {
    throw optionInvalid('--time-zone', texts.text('reason.time-zone'));
  }
  try {
    return readPeriod(text, new Date(), zone);
  } catch {
    throw optionInvalid('--period', texts.text('reason.period'));
  }
};

import { type MessageFilter, type Period, readPeriod } from '@mailferry/core/mail';
import { given } from './given.ts';
import { optionInvalid } from './option-invalid.ts';
import type { FilterOptions } from './options.ts';
import type { Texts } from './texts.ts';
import { readTimeZone } from './time-zone.ts';

/** The filter of the options; days are those of `--time-zone`, else of this machine. Throws `option-invalid`. */
export const readFilter = (options: FilterOptions, texts: Texts): MessageFilter => {
  const { 'larger-than': minSizeBytes, 'smaller-than': maxSizeBytes } = options;
  if ((minSizeBytes ?? 0) > (maxSizeBytes ?? Number.POSITIVE_INFINITY))
    throw optionInvalid('--smaller-than', texts.text('reason.sizes-apart'));
  const timeZone = readTimeZone(options['time-zone'], texts);
  const some = (values: readonly string[]): readonly string[] | undefined => (values.length > 0 ? values : undefined);
  return given({
    include: some(options.include),
    exclude: some(options.exclude),
    period: options.period === undefined ? undefined : periodOf(options.period, timeZone, texts),
    minSizeBytes,
    maxSizeBytes,
    withFlags: some(options['with-flag']),
    withoutFlags: some(options['without-flag']),
  });
};

/** Throws `option-invalid`. */
export const periodOf = (text: string, timeZone: string, texts: Texts): Period => {
  try {
    return readPeriod(text, new Date(), timeZone);
  } catch {
    throw optionInvalid('--period', texts.text('reason.period'));
  }
};

import { given } from './given.ts';
import { optionInvalid } from './option-invalid.ts';
import type { Texts } from './texts.ts';

/** The time zone of `--time-zone`, else of this machine. Throws `option-invalid`. */
export const readTimeZone = (timeZone: string | undefined, texts: Texts): string => {
  try {
    return Intl.DateTimeFormat('en-US', given({ timeZone })).resolvedOptions().timeZone;
  } catch {
    throw optionInvalid('--time-zone', texts.text('reason.time-zone'));
  }
};

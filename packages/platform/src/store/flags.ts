import { PlatformError } from '../platform-error.ts';

/** RFC 3501 §2.3.2, without `\Recent`, which no client can set. */
export const SYSTEM_FLAGS = ['\\Answered', '\\Flagged', '\\Deleted', '\\Seen', '\\Draft'] as const;

const SYSTEM_FLAG_BY_KEY: ReadonlyMap<string, string> = new Map(SYSTEM_FLAGS.map((flag) => [flag.toLowerCase(), flag]));
const MAX_FLAGS = 100;
const MAX_KEYWORD_LENGTH = 200;
/**
 * A keyword, or a flag extension that another server has made up: an atom, RFC 3501 §9, with or without a backslash.
 * An atom has no control, no space, none of `( ) { % * " \ ]`, no 8-bit.
 */
const KEYWORD = /^\\?[!#$&'+,\-./0-9:;<=>?@A-Z[^_`a-z|}~]+$/;

const canonical = (flag: string): string => {
  const system = SYSTEM_FLAG_BY_KEY.get(flag.toLowerCase());
  if (system) return system;
  if (KEYWORD.test(flag) && flag.length <= MAX_KEYWORD_LENGTH) return flag;
  throw new PlatformError('flag-invalid', `${JSON.stringify(flag.slice(0, 60))} is no flag that can be stored`);
};

/**
 * Flags in their stored form: system flags in their usual spelling, no doubles (case is ignored), `\Recent` left out.
 * @throws PlatformError `flag-invalid`
 */
export const storedFlags = (flags: readonly string[]): string[] => {
  const byKey = new Map<string, string>();
  for (const flag of flags) {
    if (flag.toLowerCase() === '\\recent') continue;
    if (!byKey.has(flag.toLowerCase())) byKey.set(flag.toLowerCase(), canonical(flag));
  }
  if (byKey.size > MAX_FLAGS) throw new PlatformError('flag-invalid', `A message can't have more than ${MAX_FLAGS} flags`);
  return [...byKey.values()];
};

export const flagsToText = (flags: readonly string[]): string => flags.join(' ');

export const flagsFromText = (text: string): string[] => (text === '' ? [] : text.split(' '));

export type FlagChange = 'replace' | 'add' | 'remove';

/** `current` after a change by `flags`, both in stored form. RFC 3501 §6.4.6. */
export const changeFlags = (current: readonly string[], change: FlagChange, flags: readonly string[]): string[] => {
  if (change === 'replace') return [...flags];
  if (change === 'add') return storedFlags([...current, ...flags]);
  const removed = new Set(flags.map((flag) => flag.toLowerCase()));
  return current.filter((flag) => !removed.has(flag.toLowerCase()));
};

import type { ArchivedMessage } from '../archive/archived-message.ts';

/** How names of entries begin (SPEC K8). */
const DATED_NAME = /(?:^|\/)(\d{4})-(\d\d)-(\d\d) (\d\d)(\d\d)(\d\d) [^/]*$/;

/**
 * When a message was sent, as far as the manifest tells: by its Date field, which the entry is named for, else INTERNALDATE; null
 * without both.
 */
export const messageDate = ({ name, internalDate }: Pick<ArchivedMessage, 'name' | 'internalDate'>): Date | null => {
  const [, year, month, day, hour, minute, second] = DATED_NAME.exec(name) ?? [];
  const date = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(date.getTime()) ? internalDate : date;
};

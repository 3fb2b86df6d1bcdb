import type { Cursor } from './cursor.ts';
import { ImapSyntaxError } from './imap-syntax-error.ts';

const STATUS_ITEMS = [
  'MESSAGES',
  'RECENT',
  'UIDNEXT',
  'UIDVALIDITY',
  'UNSEEN',
  'HIGHESTMODSEQ',
  'SIZE',
  'APPENDLIMIT',
  'DELETED',
  'DELETED-STORAGE',
] as const;

/** RFC 3501 §6.3.10, RFC 7162 §3.1.7, RFC 8438, RFC 7889 §3.2, RFC 9208 §4.1.5. */
export type StatusItem = (typeof STATUS_ITEMS)[number];

const readStatusItem = (cursor: Cursor): StatusItem => {
  const name = cursor.word();
  const item = STATUS_ITEMS.find((known) => known === name);
  if (!item) throw new ImapSyntaxError(`${name} is no status item`);
  return item;
};

/** In parentheses, at least one, each once. */
export const readStatusItems = (cursor: Cursor): StatusItem[] => {
  const items = cursor.list(() => readStatusItem(cursor));
  if (items.length === 0) throw new ImapSyntaxError('STATUS of nothing');
  return [...new Set(items)];
};

/** What Gmail says of a message by its labels. */
export interface LabelMeaning {
  /** Paths of the mailboxes that the message is in, with `/` between levels; at least one. */
  readonly mailboxes: readonly string[];
  readonly flags: readonly string[];
}

/** Labels per message that are looked at; Gmail has no message near it. */
const MAX_LABELS = 1000;
/** Where a message is that no label puts elsewhere. */
const ARCHIVE = 'Archive';

/** Labels that name a place, in the languages that we know, in lower case. */
const SYSTEM_MAILBOXES: ReadonlyMap<string, string> = new Map([
  ['inbox', 'INBOX'],
  ['받은편지함', 'INBOX'],
  ['sent', 'Sent'],
  ['sent mail', 'Sent'],
  ['보낸편지함', 'Sent'],
  ['보낸메일함', 'Sent'],
  ['draft', 'Drafts'],
  ['drafts', 'Drafts'],
  ['임시보관함', 'Drafts'],
  ['trash', 'Trash'],
  ['휴지통', 'Trash'],
  ['spam', 'Spam'],
  ['스팸함', 'Spam'],
]);

/** Labels that say something of the message itself; null for what has no flag. Without `unread` a message is seen. */
const STATES: ReadonlyMap<string, string | null> = new Map([
  ['unread', null],
  ['읽지 않음', null],
  ['읽지않음', null],
  ['opened', null],
  ['읽음', null],
  ['열어봄', null],
  ['archived', null],
  ['보관됨', null],
  ['보관처리됨', null],
  ['starred', '\\Flagged'],
  ['별표', '\\Flagged'],
  ['별표편지함', '\\Flagged'],
  ['important', '$Important'],
  ['중요', '$Important'],
  ['중요편지함', '$Important'],
]);
const UNREAD: ReadonlySet<string> = new Set(['unread', '읽지 않음', '읽지않음']);
/** The tabs of the inbox: `Category Promotions`. */
const CATEGORY = /^(?:category|카테고리)[ :]+(.+)$/i;

/** Splits at commas; a label that holds one stands in double quotes, with its own quotes doubled. */
const splitLabels = (text: string): string[] =>
  Array.from(text.matchAll(/"((?:[^"]|"")*)"|([^,"][^,]*)/g), ([, quoted, plain]) => (quoted?.replaceAll('""', '"') ?? plain ?? '').trim())
    .filter((label) => label !== '')
    .slice(0, MAX_LABELS);

/**
 * Reads the decoded value of `X-Gmail-Labels`, which Google Takeout writes. Labels that stand for mailboxes become mailboxes, of system
 * ones those of the usual English name; the others become flags: every message without `Unread` has `\Seen`.
 */
export const readGmailLabels = (text: string): LabelMeaning => {
  const mailboxes = new Set<string>();
  const flags = new Set<string>();
  const labels = splitLabels(text.normalize('NFC'));
  if (!labels.some((label) => UNREAD.has(label.toLowerCase()))) flags.add('\\Seen');
  for (const label of labels) {
    const key = label.toLowerCase();
    const state = STATES.get(key);
    const category = CATEGORY.exec(label)?.[1];
    if (category) flags.add(`Category_${category.replace(/\s+/g, '_')}`);
    else if (state) flags.add(state);
    else if (state === undefined) mailboxes.add(SYSTEM_MAILBOXES.get(key) ?? label);
  }
  if (mailboxes.has('Drafts')) flags.add('\\Draft');
  return { mailboxes: mailboxes.size > 0 ? [...mailboxes] : [ARCHIVE], flags: [...flags] };
};

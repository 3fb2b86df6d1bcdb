interface NoticeKind {
  /** English text; `{name}` stands for a detail. */
  readonly message: string;
}

/**
 * What a person should know although nothing failed. Codes are permanent, like those of errors;
 * a notice never changes the exit code.
 */
export const NOTICE_KINDS = {
  'inbox-only': { message: 'POP3 shows the inbox only; other mailboxes at {host} are left behind' },
  'suspicious-1000': {
    message: '{mailbox} lists exactly 1,000 messages: the provider may show only the newest 1,000, so the copy may be incomplete',
  },
  'size-differs': { message: '{mailbox}: {count} messages have another size than the source announced; kept as they came' },
  'identity-by-content': { message: '{host} gives messages no lasting ids; they are told apart by their content, which takes longer' },
  'identity-repeated': { message: '{mailbox}: {count} messages share an id with another one; they are told apart by their content' },
  'mailbox-emptied': { message: '{mailbox} had {before} messages and now lists none; what the archive holds is unchanged' },
  'mailbox-gone': { message: '{mailbox} is not there any more at the source; what the archive holds is unchanged' },
  'flags-left-out': { message: '{mailbox}: of {count} messages some flags were left out: at most 100, of 200 characters each, are kept' },
  'mailbox-remade': { message: '{mailbox} was made anew at the source; what the archive held before is unchanged' },
  'no-mail-skipped': { message: '{path}: {count} files are not mail and were left out' },
  'names-unsafe': {
    message: '{path}: {count} entries have names that lead out of the folder or can not be files; they are kept under other names',
  },
  'mail-damaged': { message: '{path}: {reason} at byte {byteOffset}' },
  'mailbox-renamed': { message: '{mailbox} is {target} at the target' },
  'flag-dropped': { message: '{mailbox}: the target does not keep {flag}; {count} messages came without it' },
  'date-from-header': { message: '{mailbox}: {count} messages had no date from their server; they got the one of their Date field' },
  'date-missing': { message: '{mailbox}: {count} messages have no date at all; the target gave them its own' },
  'target-changed': { message: '{mailbox}: {count} messages have another size at the target than they were sent with' },
  'manifest-lost': { message: '{part}: of {count} messages no manifest tells the flags; mailboxes and dates are those of the part' },
  'nul-bytes': { message: '{mailbox}: {count} messages have NUL bytes in them, which many servers replace' },
  'not-removed': { message: '{mailbox}: {count} messages were not deleted at the source: {reason}' },
} as const satisfies Record<string, NoticeKind>;

export type NoticeCode = keyof typeof NOTICE_KINDS;

export interface Notice {
  readonly code: NoticeCode;
  /** What the text's places stand for. */
  readonly details: Readonly<Record<string, string | number>>;
}

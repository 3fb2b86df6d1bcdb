/**
 * Every error that Mailferry raises on purpose: one table of kinds, one class.
 * Code that has to decide looks at `code`, `scope` or `retry`, never at text.
 */

/** What an error puts out of reach: one message, one mailbox, one account, or the whole run. */
export type ErrorScope = 'message' | 'mailbox' | 'account' | 'run';

/** When the same attempt may succeed: at once, after a while, or never without a change by a person. */
export type RetryClass = 'now' | 'later' | 'never';

interface ErrorKind {
  readonly scope: ErrorScope;
  readonly retry: RetryClass;
  /** English text; `{name}` stands for a detail that the thrower gives. */
  readonly message: string;
  /** What the reader can do about it, in English. */
  readonly hint: string;
}

/** The table of error kinds. Codes are permanent: reports, ledgers and scripts hold on to them. */
export const ERROR_KINDS = {
  // The run
  'internal': {
    scope: 'run',
    retry: 'never',
    message: 'Something broke inside Mailferry: {reason}',
    hint: 'Run it again; nothing that was recorded is lost. If it breaks again, report it with this text.',
  },
  'cancelled': { scope: 'run', retry: 'now', message: 'Stopped on request', hint: 'Run the same command again to go on from here.' },
  'option-invalid': { scope: 'run', retry: 'never', message: '{option}: {reason}', hint: 'See --help for what this option takes.' },
  'consent-missing': {
    scope: 'run',
    retry: 'never',
    message: 'Nothing was started: the migration was not agreed to',
    hint: 'Answer the question on a terminal, or give --yes.',
  },

  // Address books
  'contacts-unreadable': {
    scope: 'run',
    retry: 'never',
    message: 'Row {row} makes the rest of the file unreadable: {reason}',
    hint: 'Correct that row in a text editor, or export the file anew. Nothing was written.',
  },
  'contacts-not-text': {
    scope: 'run',
    retry: 'never',
    message: '{path} is no address book: {reason}',
    hint: 'Export it as CSV, vCard or LDIF.',
  },
  'contacts-format-unknown': {
    scope: 'run',
    retry: 'never',
    message: '{path} has columns that are of no known format: {headers}',
    hint: 'Name the format with --from, the delimiter with --delimiter, or say which column is what with --map.',
  },
  'contact-field-unknown': {
    scope: 'run',
    retry: 'never',
    message: 'No field is called {field}',
    hint: 'Fields are called like name, name.given, email, email.2, phone.mobile, address.work.city, organization.title, date.birthday, notes, groups; docs/address-books.md lists them.',
  },
  'contact-column-missing': {
    scope: 'run',
    retry: 'never',
    message: 'The file has no column called {column}',
    hint: 'Compare with its header row; `mailferry contacts detect` shows it.',
  },
  'contacts-not-encodable': {
    scope: 'run',
    retry: 'never',
    message: '{encoding} can not hold what stands in {count} rows: {rows}',
    hint: 'Write UTF-8, or change these rows.',
  },
  'contacts-encoding-unknown': {
    scope: 'run',
    retry: 'never',
    message: 'No encoding is called {encoding}',
    hint: 'Name one like utf-8, cp949 or utf-16le.',
  },

  // Reaching a server
  'host-unknown': {
    scope: 'account',
    retry: 'later',
    message: 'The name {host} could not be resolved',
    hint: "Check the spelling of the server name and this machine's DNS.",
  },
  'connection-refused': {
    scope: 'account',
    retry: 'later',
    message: '{host}:{port} refused the connection',
    hint: 'Check the port, and that the service is switched on at the provider.',
  },
  'connection-lost': {
    scope: 'account',
    retry: 'now',
    message: 'The connection to {host}:{port} broke: {reason}',
    hint: 'Run the same command again to go on from here.',
  },
  'connection-stalled': {
    scope: 'account',
    retry: 'now',
    message: '{host}:{port} sent nothing for {seconds} s',
    hint: 'Run the same command again to go on from here.',
  },
  'tls-refused': {
    scope: 'account',
    retry: 'never',
    message: 'No trustworthy TLS with {host}:{port}: {reason}',
    hint: 'Check the server name against its certificate. A private authority is given with --from-ca-file or --to-ca-file.',
  },
  'tls-missing': {
    scope: 'account',
    retry: 'never',
    message: '{host}:{port} offers no TLS, so the password was not sent',
    hint: 'Use the TLS port (imaps://, 993), or accept plain text with --allow-insecure.',
  },
  'auth-refused': {
    scope: 'account',
    retry: 'never',
    message: '{host} refused the log-in of {user}: {reply}',
    hint: 'Check user name and password. Many providers want an app password, or IMAP switched on first.',
  },
  'one-time-code-missing': {
    scope: 'account',
    retry: 'never',
    message: '{host} asks for a one-time code of {user}',
    hint: 'Run it on a terminal, which asks for the code, or give --to-code-command with a command that prints it.',
  },
  'auth-unsupported': {
    scope: 'account',
    retry: 'never',
    message: '{host} offers no way to log in that fits: it has {offered}',
    hint: 'Use another kind of credential (password or OAuth 2.0), or a TLS port: some servers offer passwords under TLS only.',
  },
  'token-refused': {
    scope: 'account',
    retry: 'never',
    message: '{issuer} gave no access token: {reply}',
    hint: 'Sign in again at the provider and renew the refresh token, or look at what the token command prints.',
  },
  'token-failed': {
    scope: 'account',
    retry: 'later',
    message: 'No access token from {issuer}: {reason}',
    hint: 'Run the same command again later to go on from here.',
  },
  'server-refused': {
    scope: 'mailbox',
    retry: 'later',
    message: '{host} refused {command}: {reply}',
    hint: "Read the server's reply; run again when its reason is gone.",
  },
  'server-busy': {
    scope: 'account',
    retry: 'later',
    message: '{host} asks for a pause: {reply}',
    hint: 'Run the same command again later to go on from here.',
  },
  'protocol-violation': {
    scope: 'account',
    retry: 'later',
    message: '{host} broke the protocol: {reason}',
    hint: 'Nothing doubtful was kept. Run again; if it stays, the server or something between needs a look.',
  },
  'mailbox-replaced': {
    scope: 'mailbox',
    retry: 'now',
    message: 'The mailbox {mailbox} was made anew while it was read',
    hint: 'Run the same command again to take its new messages.',
  },
  'listing-incomplete': {
    scope: 'mailbox',
    retry: 'now',
    message: '{mailbox} says it holds {announced} messages but lists {listed}',
    hint: 'Run the same command again; if it stays, the server hides messages.',
  },

  'target-over-quota': {
    scope: 'account',
    retry: 'later',
    message: 'The account at {host} is full: {reply}',
    hint: 'Make room there or have its quota raised, then run the same command again to go on from here.',
  },
  'append-refused': {
    scope: 'message',
    retry: 'later',
    message: '{host} did not take it: {reply}',
    hint: 'The next run sends it again. What the server says tells what it does not like.',
  },
  'append-uncertain': {
    scope: 'message',
    retry: 'never',
    message: 'It was sent when the connection broke, and {mailbox} does not tell whether it arrived',
    hint: 'Look for it at the target. If it is not there, send it again with --send-uncertain.',
  },
  'append-broke-connection': {
    scope: 'message',
    retry: 'later',
    message: 'Sending it broke the connection each time: {reason}',
    hint: 'The next run sends it again. If it stays, the server, or something between, can not take this message.',
  },
  'target-mailbox': {
    scope: 'mailbox',
    retry: 'later',
    message: 'No mailbox for {mailbox} can be made at the target: {reply}',
    hint: 'Make one by hand, or restore below another one with --under.',
  },

  // Files as a source
  'source-missing': { scope: 'run', retry: 'never', message: '{path} does not exist', hint: 'Check the path.' },
  'source-unknown': {
    scope: 'run',
    retry: 'never',
    message: '{path} is no mail that can be read: {reason}',
    hint: 'Say what it is: mbox:PATH, maildir:PATH, eml:FOLDER or zip:FILE.',
  },
  'source-unreadable': {
    scope: 'mailbox',
    retry: 'later',
    message: "{path} can't be read: {reason}",
    hint: 'Check the file and its permissions, and run the same command again.',
  },
  'source-changed': {
    scope: 'mailbox',
    retry: 'now',
    message: '{path} changed while it was read',
    hint: 'Close the program that writes to it and run the same command again.',
  },

  // One message
  'message-damaged': {
    scope: 'message',
    retry: 'later',
    message: 'Its bytes at the source are damaged: {reason}',
    hint: 'Look at the message at the source. The next run asks for it again.',
  },
  'message-empty': {
    scope: 'message',
    retry: 'later',
    message: 'The server gave 0 bytes for this message',
    hint: 'Look at the message at the source. The next run asks for it again.',
  },
  'message-withheld': {
    scope: 'message',
    retry: 'later',
    message: 'The server lists this message but gave no body',
    hint: 'The next run asks for it again.',
  },
  'message-unreadable': {
    scope: 'message',
    retry: 'later',
    message: 'Reading it broke the connection: {reason}',
    hint: 'The next run asks for it again. If it stays, look at the message at the source.',
  },
  'message-too-large': {
    scope: 'message',
    retry: 'never',
    message: 'The message has {sizeBytes} bytes; at most {limitBytes} fit',
    hint: 'Where it does not fit into a part: give a larger --part-size. Where a server does not take it: have its limit raised.',
  },

  // What the target says about one message
  'upload-entry-empty': {
    scope: 'message',
    retry: 'never',
    message: 'The target refused it: 0 bytes',
    hint: 'Fix the file and upload it again.',
  },
  'upload-entry-not-eml': {
    scope: 'message',
    retry: 'never',
    message: 'The target refused it: not an .eml file',
    hint: 'Fix the file and upload it again.',
  },
  'upload-entry-refused': {
    scope: 'message',
    retry: 'never',
    message: 'The target refused it: {reply}',
    hint: "Read the target's reason and remove its cause; the message is in the archive.",
  },
  'upload-entry-unanswered': {
    scope: 'message',
    retry: 'never',
    message: 'The target gave no answer for it',
    hint: 'Look for the message at the target; it is in the archive.',
  },

  // The archive on disk
  'archive-locked': { scope: 'run', retry: 'later', message: 'Another run is working on {path}', hint: 'Wait for it to end, or stop it.' },
  'archive-missing': {
    scope: 'run',
    retry: 'never',
    message: '{path} holds no Mailferry archive',
    hint: 'Check the path; an archive has a SHA256SUMS file or a .mailferry folder.',
  },
  'archive-foreign-files': {
    scope: 'run',
    retry: 'never',
    message: '{path} is something else than a Mailferry archive or an empty folder',
    hint: 'Choose an empty or new folder.',
  },
  'archive-part-lost': {
    scope: 'run',
    retry: 'never',
    message: '{part} is recorded in the ledger but its file is gone or too short',
    hint: 'Put the file back from a copy, or start a new archive.',
  },
  'archive-part-unknown': {
    scope: 'run',
    retry: 'never',
    message: '{path} has {part}, but its ledger does not know it',
    hint: 'The ledger is older than the archive. Put the newer one back, or start a new archive; nothing was touched.',
  },
  'entry-damaged': {
    scope: 'message',
    retry: 'never',
    message: 'Its bytes in {part} are damaged: {reason}',
    hint: 'mailferry verify names all that is damaged. Take the part from another copy of the backup.',
  },
  'entry-unknown': {
    scope: 'run',
    retry: 'never',
    message: '{path} holds no message {id}',
    hint: 'mailferry ls <archive> --messages shows the ids. An id has four digits at least.',
  },
  'entry-ambiguous': {
    scope: 'run',
    retry: 'never',
    message: '{id} may be any of these: {candidates}',
    hint: 'Give more of its digits.',
  },
  'index-folder-refused': {
    scope: 'run',
    retry: 'never',
    message: '{path} was not taken for the index: {reason}',
    hint: 'Choose a new or empty folder beside the archive, or the one of an earlier index.',
  },
  'archive-part-damaged': {
    scope: 'run',
    retry: 'never',
    message: '{part} did not read back as it was written: {reason}',
    hint: 'Check the disk. The part was not sealed.',
  },
  'manifest-invalid': {
    scope: 'run',
    retry: 'never',
    message: '{path}, line {line}: {reason}',
    hint: 'Run verify to see what is damaged, and put the file back from a copy.',
  },
  'checksums-invalid': {
    scope: 'run',
    retry: 'never',
    message: '{path}, line {line} is not a checksum',
    hint: 'Put the file back from a copy.',
  },
  'ledger-unreadable': {
    scope: 'run',
    retry: 'never',
    message: "The ledger {path} can't be read: {reason}",
    hint: 'Nothing was touched. Put it back from a copy, or start a new archive.',
  },
  'ledger-version': {
    scope: 'run',
    retry: 'never',
    message: 'The ledger {path} has version {found}; this Mailferry knows version {known}',
    hint: 'Use the version of Mailferry that made it, or a newer one.',
  },
  'key-unreadable': {
    scope: 'run',
    retry: 'never',
    message: '{path} holds no key of the kind that is needed',
    hint: 'Signing keys are made by mailferry key new; age identities and recipients by age-keygen.',
  },
  'signing-key-missing': {
    scope: 'run',
    retry: 'never',
    message: 'The archive in {path} is signed, and no key was given to sign what is new',
    hint: 'Give the same key as before with --sign-key.',
  },
  'identity-missing': {
    scope: 'run',
    retry: 'never',
    message: '{path} is encrypted, and no identity that was given opens it',
    hint: 'Give the age identity file that belongs to one of its recipients with --identity.',
  },
  'decryption-failed': {
    scope: 'run',
    retry: 'never',
    message: '{path} can not be decrypted: {reason}',
    hint: 'It was changed or cut off. Take it from another copy of the backup.',
  },
  'ledger-other-job': {
    scope: 'run',
    retry: 'never',
    message: 'This archive belongs to another job: its {what} is {recorded}, not {given}',
    hint: 'Use another folder for another account. If it is the same mail under another name, say so with --rebind.',
  },
  'disk-full': {
    scope: 'run',
    retry: 'later',
    message: 'No space left while writing {path}',
    hint: 'Make room and run the same command again; sealed parts are safe.',
  },
  'disk-failed': {
    scope: 'run',
    retry: 'later',
    message: 'Writing {path} failed: {reason}',
    hint: 'Check the disk and run the same command again.',
  },

  // Uploading
  'zip-invalid': { scope: 'run', retry: 'never', message: '{path} is not a ZIP that can be used: {reason}', hint: 'Make the ZIP again.' },
  'zip-too-large': {
    scope: 'run',
    retry: 'never',
    message: '{path} has {sizeBytes} bytes; an upload has to stay under 2 GB (2,147,483,648 bytes)',
    hint: 'Make smaller parts: mailferry backup --for-upload.',
  },
  'zip-mixed-mailboxes': {
    scope: 'run',
    retry: 'never',
    message: '{path} holds several mailboxes; an upload goes to one',
    hint: 'Make one part per mailbox: mailferry backup --for-upload.',
  },
  'target-account-not-set-up': {
    scope: 'account',
    retry: 'never',
    message: 'The account {user} at {host} is not set up yet',
    hint: 'Set the account up at the target first; nothing was pulled.',
  },
  'target-refused': {
    scope: 'run',
    retry: 'later',
    message: '{host} refused {what}: {reply}',
    hint: "Read the target's reply; run again when its reason is gone.",
  },
  'target-failed': {
    scope: 'account',
    retry: 'later',
    message: '{host} could not do {what}: {reply}',
    hint: 'Run the same command again later to go on from here.',
  },
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof ERROR_KINDS;

type PlaceholdersOf<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | PlaceholdersOf<Rest> : never;

/** The details that a code's message asks for, by name. */
export type ErrorDetails<Code extends ErrorCode> = Readonly<Record<PlaceholdersOf<(typeof ERROR_KINDS)[Code]['message']>, string | number>>;

/** Puts `details` into the `{name}` places of `text`. A place without a detail stays as it is. */
export const fillIn = (text: string, details: Readonly<Record<string, string | number>>): string =>
  text.replace(/\{(\w+)\}/g, (place, name: string) => String(details[name] ?? place));

/**
 * The one error class. `message` is English, for logs; a person reads the text of the
 * same `code` from the catalogue of their language, filled with `details`.
 */
export class MailferryError<Code extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'MailferryError';
  readonly code: Code;
  readonly details: Readonly<Record<string, string | number>>;

  /** How long the other side asks to be left alone; null where it doesn't say. */
  readonly retryAfterMs: number | null;

  constructor(code: Code, details: ErrorDetails<Code>, options?: { cause?: unknown; retryAfterMs?: number | null }) {
    super(fillIn(ERROR_KINDS[code].message, details), options);
    this.code = code;
    this.details = details;
    this.retryAfterMs = options?.retryAfterMs ?? null;
  }

  get scope(): ErrorScope {
    return ERROR_KINDS[this.code].scope;
  }

  get retry(): RetryClass {
    return ERROR_KINDS[this.code].retry;
  }

  get hint(): string {
    return ERROR_KINDS[this.code].hint;
  }
}

/** True for a MailferryError, of the given code if one is given. */
export const isMailferryError = (error: unknown, ...codes: readonly ErrorCode[]): error is MailferryError =>
  error instanceof MailferryError && (codes.length === 0 || codes.includes(error.code));

/** Throws `cancelled` when the run was asked to stop. */
export const throwIfCancelled = (signal: AbortSignal): void => {
  if (signal.aborted) throw new MailferryError('cancelled', {}, { cause: signal.reason });
};

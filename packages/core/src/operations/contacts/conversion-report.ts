import type { Disk } from '../../archive/disk.ts';
import type { Contact } from '../../contacts/contact.ts';
import type { ContactFact } from '../../contacts/contact-facts.ts';
import type { RejectedRow } from '../../contacts/contact-format.ts';
import type { OnProgress } from '../progress.ts';
import type { OutputEncoding } from './contact-encoder.ts';
import type { ContactReading, ContactSource } from './contact-source.ts';
import type { FieldLoss, RejectionCount } from './contact-tally.ts';

/** How a file is written. */
export interface ContactWriting {
  /** Id of a format. Default: that of the (first) file. */
  readonly to?: string | undefined;
  /** CSV only. Default: UTF-8 with a byte order mark. */
  readonly outputEncoding?: OutputEncoding | undefined;
  /** Cells that a spreadsheet would run as formulas stay as they are (SPEC C11). */
  readonly isRaw?: boolean | undefined;
  /** National ids are written; they are withheld otherwise (SPEC C11). */
  readonly withNationalId?: boolean | undefined;
  /** What happens to contacts without a name or an address. Default: rejected where the target form requires both (SPEC C4), else kept. */
  readonly incomplete?: 'reject' | 'keep' | undefined;
}

export interface ConvertContactsOptions extends ContactReading, ContactWriting {
  /** Read one behind the other. */
  readonly paths: readonly string[];
  /** Replaced if it is there. With `rowsPerFile`, `-001` and so on goes in front of its extension. */
  readonly out: string;
  /** Contacts of one file (SPEC C3). Default: all in one. */
  readonly rowsPerFile?: number | undefined;
  /**
   * The most contacts that one file may have: if there are more, they are split as by `rowsPerFile`. `import`: as many as the
   * target form takes at a time, 1,000 for those of hosters (SPEC C3). Default: no limit. Reads the files once more.
   */
  readonly maxRows?: number | 'import' | undefined;
  /** Whether the files of such a split may replace others. Default: true. */
  readonly mayReplace?: boolean | undefined;
  /** A CSV file that lists every rejected row and everything that was lost. */
  readonly details?: string | undefined;
  /** Default: the machine's own. */
  readonly disk?: Disk;
  readonly onProgress?: OnProgress | undefined;
  readonly signal: AbortSignal;
}

/** What a contact said that became a part of another one, and that one doesn't say. */
export interface Conflict extends ContactFact {
  readonly path: string;
  readonly row: number;
}

/** A contact in the place of another one. */
export interface Replacement {
  readonly contact: Contact;
  readonly conflicts: readonly Conflict[];
}

/** What becomes of a contact on its way: it stays, is left out, or another one stands in its place. */
export type Edit = () => 'keep' | 'skip' | Replacement;

/** A row of one of several files. */
export interface RejectedIn extends RejectedRow {
  readonly path: string;
}

export interface ConvertContactsReport {
  readonly kind: 'contacts-converted';
  readonly sources: readonly {
    readonly path: string;
    readonly detected: ContactSource['detected'];
    readonly encoding: ContactSource['encoding'];
    readonly unknownColumns: readonly string[];
  }[];
  readonly to: string;
  readonly files: readonly { readonly path: string; readonly contacts: number }[];
  /** Rows that held something; each was written, rejected or joined with another one. */
  readonly rows: number;
  readonly written: number;
  readonly joined: number;
  readonly rejected: number;
  readonly rejections: readonly RejectionCount[];
  /** The first 1,000. */
  readonly rejectedRows: readonly RejectedIn[];
  /** Written without a name or an e-mail address; hosters don't take them (SPEC C4). Not counted where rows went through as they were. */
  readonly incomplete: number;
  /** The first of their rows. */
  readonly incompleteRows: readonly number[];
  readonly losses: readonly FieldLoss[];
  /** Contacts that lost something. */
  readonly contactsWithLosses: number;
  /** The list of rejected rows and losses, if one was wanted. */
  readonly details: string | null;
  /** Rows went through as they were: the format is the same. */
  readonly isPassedThrough: boolean;
}

import { OTHER_NAMES, PHONE_LABELS } from '../../contacts/contact.ts';
import type { RejectedRow, RowProblem } from '../../contacts/contact-format.ts';
import type { ContactLoss, LossReason } from '../../contacts/contact-losses.ts';

/** A kind of thing that did not come over. */
export interface FieldLoss {
  readonly field: ContactLoss['field'];
  /** Which one of its field: the shared label of a number, the name of another field; empty where it tells nothing. */
  readonly label: string;
  readonly reason: LossReason;
  readonly contacts: number;
  /** The first of their rows. */
  readonly rows: readonly number[];
}

/** Rows that were not taken, by the reason. */
export interface RejectionCount {
  readonly reason: RowProblem;
  readonly column: string | null;
  readonly rows: number;
}

const SHOWN_ROWS = 5;
/** Kinds that are counted one by one; others are counted together, so that a file can't fill the memory. */
const MAX_KINDS = 2000;

const SHARED_LABELS = new Set<string>([
  ...PHONE_LABELS,
  ...OTHER_NAMES,
  'birthday',
  'anniversary',
  'spouse',
  'child',
  'manager',
  'assistant',
]);

/** Counts what a run loses, by field. */
export class LossTally {
  readonly #losses = new Map<string, { loss: FieldLoss; contacts: number; rows: number[]; lastContact: number | string }>();

  /** `contact` tells the contact apart from those of other files that are in a row of the same number. */
  add(row: number, { field, label, reason }: ContactLoss, contact: number | string = row): void {
    const told = field === 'other' || SHARED_LABELS.has(label) ? label : '';
    const full = `${field}\0${told}\0${reason}`;
    const key = this.#losses.has(full) || this.#losses.size < MAX_KINDS ? full : `${field}\0\0${reason}`;
    const found = this.#losses.get(key);
    if (!found) {
      const loss = { field, label: key === full ? told : '', reason, contacts: 0, rows: [] };
      this.#losses.set(key, { loss, contacts: 1, rows: [row], lastContact: contact });
      return;
    }
    if (found.lastContact === contact) return;
    found.contacts += 1;
    found.lastContact = contact;
    if (found.rows.length < SHOWN_ROWS) found.rows.push(row);
  }

  /** The most frequent first. */
  list(): FieldLoss[] {
    return Array.from(this.#losses.values(), ({ loss, contacts, rows }) => ({ ...loss, contacts, rows })).toSorted(
      (a, b) => b.contacts - a.contacts,
    );
  }
}

/** Counts rows that are not taken. */
export class RejectionTally {
  readonly #counts = new Map<string, { reason: RowProblem; column: string | null; rows: number }>();
  total = 0;

  add({ reason, column }: RejectedRow): void {
    this.total += 1;
    const key = `${reason}\0${column}`;
    const found = this.#counts.get(key);
    if (found) found.rows += 1;
    else this.#counts.set(key, { reason, column, rows: 1 });
  }

  list(): RejectionCount[] {
    return [...this.#counts.values()].toSorted((a, b) => b.rows - a.rows);
  }
}

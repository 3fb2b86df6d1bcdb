import type { Connection } from './database.ts';

/** INTERNALDATEs from the first instant on, and before the second; null leaves an end open. */
export interface Period {
  readonly from: Date | null;
  readonly before: Date | null;
}

/** What a copy of a message outside the store needs. */
export interface MessageContent {
  readonly bodyId: number;
  /** To the second. */
  readonly internalDate: Date;
  readonly sizeBytes: number;
}

interface ContentRow {
  readonly body_id: number;
  readonly internal_date: number;
  readonly size_bytes: number;
}

const BEGINNING = Number.MIN_SAFE_INTEGER;
const END = Number.MAX_SAFE_INTEGER;

/** INTERNALDATEs are kept in whole seconds: the first one that is not before the instant. */
const toSeconds = (instant: Date): number => Math.ceil(instant.getTime() / 1000);

const bounds = ({ from, before }: Period): [number, number] => [from ? toSeconds(from) : BEGINNING, before ? toSeconds(before) : END];

/** Finds messages by the time of their arrival. */
export class MessagePeriods {
  readonly #uids;
  readonly #contents;

  constructor(connection: Connection) {
    this.#uids = connection
      .prepare<[number, number, number], number>(
        'SELECT uid FROM messages WHERE mailbox_id = ? AND internal_date >= ? AND internal_date < ? ORDER BY uid',
      )
      .pluck();
    this.#contents = connection.prepare<[number, number, number], ContentRow>(
      `SELECT body_id, internal_date, size_bytes FROM messages
       WHERE mailbox_id = ? AND internal_date >= ? AND internal_date < ? ORDER BY uid`,
    );
  }

  /** Ascending. */
  uids(mailboxId: number, period: Period): number[] {
    return this.#uids.all(mailboxId, ...bounds(period));
  }

  /** By UID. */
  contents(mailboxId: number, period: Period): MessageContent[] {
    return this.#contents.all(mailboxId, ...bounds(period)).map(({ body_id, internal_date, size_bytes }) => ({
      bodyId: body_id,
      internalDate: new Date(internal_date * 1000),
      sizeBytes: size_bytes,
    }));
  }
}

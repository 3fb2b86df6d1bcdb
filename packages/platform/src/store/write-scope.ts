import type { Changes, MailboxChange } from './changes.ts';
import type { Connection } from './database.ts';

/** Runs writes as transactions and tells their changes once they are durable, never before. */
export class WriteScope {
  readonly #connection: Connection;
  readonly #changes: Changes;
  #untold: MailboxChange[] = [];

  constructor(connection: Connection, changes: Changes) {
    this.#connection = connection;
    this.#changes = changes;
  }

  /** All of `work` or nothing. Inside another `run` it is a part of that one. `work` can't be async. */
  run<Result>(work: () => Result): Result {
    if (this.#connection.inTransaction) return work();
    this.#untold = [];
    const result = this.#connection.transaction(work).immediate();
    for (const change of this.#untold) this.#changes.tell(change);
    return result;
  }

  /** Notes a change of the running transaction. */
  note(change: MailboxChange): void {
    if (change.uids.length > 0) this.#untold.push(change);
  }
}

import type { Bodies } from './bodies.ts';
import type { Connection } from './database.ts';

/** Bodies never change: they are held instead of copied. */
const HELD_TABLES = new Set(['bodies', 'body_chunks', 'loose_bodies']);

interface Table {
  readonly name: string;
  /** Without generated ones. */
  readonly columns: string;
}

/** A state of the store that it can go back to. */
export interface Snapshot {
  /** Forgets it and gives its memory free. */
  release(): void;
}

/** Remembers states of the whole store in memory and goes back to them; message bodies are not copied. */
export class Snapshots {
  readonly #connection: Connection;
  readonly #bodies: Bodies;
  readonly #prefixes = new Map<Snapshot, string>();
  #taken = 0;

  constructor(connection: Connection, bodies: Bodies) {
    this.#connection = connection;
    this.#bodies = bodies;
  }

  /** No transaction may be open. */
  take(): Snapshot {
    if (this.#taken === 0) this.#connection.exec("ATTACH ':memory:' AS snapshots");
    this.#taken += 1;
    const prefix = `s${this.#taken}_`;
    const tables = this.#tables();
    for (const { name, columns } of tables) {
      this.#connection.exec(`CREATE TABLE snapshots.${prefix}${name} AS SELECT ${columns} FROM main.${name}`);
    }
    const release = this.#bodies.hold(this.#connection.prepare<[], number>('SELECT id FROM bodies').pluck().all());
    const snapshot: Snapshot = {
      release: () => {
        if (!this.#prefixes.delete(snapshot)) return;
        for (const { name } of tables) this.#connection.exec(`DROP TABLE snapshots.${prefix}${name}`);
        release();
      },
    };
    this.#prefixes.set(snapshot, prefix);
    return snapshot;
  }

  /** Whatever came after the snapshot is gone; the snapshot stays. @throws RangeError for one that was released, or is of another store */
  restore(snapshot: Snapshot): void {
    const prefix = this.#prefixes.get(snapshot);
    if (prefix === undefined) throw new RangeError('That snapshot is none of this store, or was released');
    const triggers = this.#connection
      .prepare<[], { name: string; sql: string }>("SELECT name, sql FROM main.sqlite_master WHERE type = 'trigger'")
      .all();
    // Counters and foreign keys are right in the snapshot; neither triggers nor cascades may touch them on the way.
    this.#connection.pragma('foreign_keys = OFF');
    try {
      this.#connection.transaction(() => {
        for (const { name } of triggers) this.#connection.exec(`DROP TRIGGER main.${name}`);
        for (const { name, columns } of this.#tables()) {
          this.#connection.exec(
            `DELETE FROM main.${name}; INSERT INTO main.${name} (${columns}) SELECT ${columns} FROM snapshots.${prefix}${name}`,
          );
        }
        this.#connection.exec(
          'DELETE FROM loose_bodies; INSERT INTO loose_bodies SELECT id FROM bodies WHERE id NOT IN (SELECT body_id FROM messages)',
        );
        for (const { sql } of triggers) this.#connection.exec(sql);
      })();
    } finally {
      this.#connection.pragma('foreign_keys = ON');
    }
    this.#bodies.sweep();
  }

  #tables(): Table[] {
    const names = this.#connection
      .prepare<[], string>("SELECT name FROM main.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")
      .pluck()
      .all();
    return names
      .filter((name) => !HELD_TABLES.has(name))
      .map((name) => {
        const columns = this.#connection.pragma(`main.table_xinfo(${name})`) as { name: string; hidden: number }[];
        return { name, columns: columns.flatMap((column) => (column.hidden === 0 ? [column.name] : [])).join(', ') };
      });
  }
}

import type { Connection } from './database.ts';

/** Named values of the office, kept as JSON. */
export class Settings {
  readonly #get;
  readonly #set;

  constructor(connection: Connection) {
    this.#get = connection.prepare<[string], string>('SELECT value FROM settings WHERE name = ?').pluck();
    this.#set = connection.prepare<[string, string]>(
      'INSERT INTO settings VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
    );
  }

  /** Undefined where nothing was set. */
  get(name: string): unknown {
    const text = this.#get.get(name);
    return text === undefined ? undefined : JSON.parse(text);
  }

  set(name: string, value: unknown): void {
    this.#set.run(name, JSON.stringify(value));
  }
}

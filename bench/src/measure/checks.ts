/** Counts what holds and what doesn't, and says what doesn't. Timings are no checks: machines differ, and have moods. */
export class Checks {
  readonly #write: (text: string) => void;
  #passed = 0;
  #failed = 0;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  expect(name: string, holds: boolean, found: string): void {
    if (holds) this.#passed += 1;
    else {
      this.#failed += 1;
      this.#write(`FAILED: ${name}: ${found}\n`);
    }
  }

  get failed(): number {
    return this.#failed;
  }

  get summary(): string {
    return `${this.#passed} passed, ${this.#failed} failed\n`;
  }
}

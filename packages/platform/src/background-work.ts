/** Works one item after the other off, for as long as there is one. What is to be done is asked for anew each time, so nothing is queued here. */
export class BackgroundWork<Item> {
  readonly #next: () => Item | null;
  readonly #work: (item: Item) => Promise<void>;
  #running: Promise<void> | null = null;
  #isStopped = false;

  /** @param work never rejects, and sees to it that `next` does not give the same item for ever */
  constructor(next: () => Item | null, work: (item: Item) => Promise<void>) {
    this.#next = next;
    this.#work = work;
  }

  /** Whether the work is to end early. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** To be called when there may be something to do. */
  start(): void {
    if (this.#running) return;
    const item = this.#take();
    if (item !== null) this.#running = this.#run(item);
  }

  /** Resolves when there is nothing to do. */
  async idle(): Promise<void> {
    while (this.#running) await this.#running;
  }

  /** Nothing more is begun; resolves when what is being done has ended. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#running;
  }

  async #run(first: Item): Promise<void> {
    for (let item: Item | null = first; item !== null; item = this.#take()) await this.#work(item);
    this.#running = null;
  }

  #take(): Item | null {
    return this.#isStopped ? null : this.#next();
  }
}

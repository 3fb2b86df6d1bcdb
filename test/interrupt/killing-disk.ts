import { type Disk, type DiskFile, nodeDisk } from '@mailferry/core/archive';

/** When the process dies, counted in changes of the disk from 1 on; 0 never. */
export interface KillPoint {
  readonly at: number;
  /** `torn`: half of a write is done; for anything else as `before`. */
  readonly moment: 'before' | 'after' | 'torn';
}

const die = (): never => {
  process.kill(process.pid, 'SIGKILL');
  // The signal is on its way: nothing may happen any more.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  throw new Error('still alive');
};

/** The machine's disk, with a SIGKILL before, after or in the middle of one change. */
export class KillingDisk implements Disk {
  readonly #point: KillPoint;
  #changes = 0;

  constructor(point: KillPoint) {
    this.#point = point;
  }

  get changes(): number {
    return this.#changes;
  }

  create: Disk['create'] = (path) => this.#change(async () => this.#wrap(await nodeDisk.create(path)));
  open: Disk['open'] = async (path) => this.#wrap(await nodeDisk.open(path));
  replace: Disk['replace'] = (path, content) => this.#change(() => nodeDisk.replace(path, content));
  rename: Disk['rename'] = (from, to) => this.#change(() => nodeDisk.rename(from, to));
  remove: Disk['remove'] = (path) => this.#change(() => nodeDisk.remove(path));

  #wrap(file: DiskFile): DiskFile {
    return {
      write: (pieces, byteOffset) =>
        this.#change(
          () => file.write(pieces, byteOffset),
          () => {
            const all = Buffer.concat(pieces);
            return file.write([all.subarray(0, all.length >>> 1)], byteOffset);
          },
        ),
      truncate: (sizeBytes) => this.#change(() => file.truncate(sizeBytes)),
      sync: () => this.#change(() => file.sync()),
      close: () => file.close(),
    };
  }

  async #change<Result>(work: () => Promise<Result>, half?: () => Promise<unknown>): Promise<Result> {
    this.#changes += 1;
    if (this.#changes !== this.#point.at) return work();
    if (this.#point.moment === 'torn') await half?.();
    if (this.#point.moment !== 'after') return die();
    await work();
    return die();
  }
}

import type { Route } from '../store/access-log.ts';
import type { Fault } from './fault.ts';

type LineFault = Extract<Fault, { kind: 'slow' | 'throttle' | 'drop' }>;

/** What the line of one connection does; null where it does nothing special. */
export interface LineFaults {
  readonly delayMs: number;
  readonly bytesPerSecond: number;
  /** Infinity where the connection lives. */
  readonly dropAfterBytes: number;
}

interface Active<Kind extends Fault = Fault> {
  readonly fault: Kind;
  /** How often it still strikes. */
  left: number;
}

/** The faults that are on now. They strike what begins after they were added; a running connection keeps its line. */
export class Faults {
  readonly #active = new Set<Active>();

  /** Switches the fault on; gives the function that switches it off. */
  add(fault: Fault): () => void {
    const active: Active = { fault, left: 'times' in fault && fault.times !== undefined ? fault.times : Number.POSITIVE_INFINITY };
    this.#active.add(active);
    return () => {
      this.#active.delete(active);
    };
  }

  /** Switches all off. */
  clear(): void {
    this.#active.clear();
  }

  /** For a connection that begins. */
  line(route: Route): LineFaults | null {
    const drops = this.#ofLine('drop', route).filter(({ left }) => left > 0);
    const delayMs = this.#ofLine('slow', route).reduce((sum, { fault }) => sum + fault.delayMs, 0);
    const bytesPerSecond = Math.min(...this.#ofLine('throttle', route).map(({ fault }) => fault.bytesPerSecond));
    const dropAfterBytes = Math.min(...drops.map(({ fault }) => fault.afterBytes));
    for (const drop of drops) drop.left -= 1;
    const isPlain = delayMs === 0 && bytesPerSecond === Number.POSITIVE_INFINITY && dropAfterBytes === Number.POSITIVE_INFINITY;
    return isPlain ? null : { delayMs, bytesPerSecond, dropAfterBytes };
  }

  /** Whether this fetch of a body is answered with NIL. */
  strikesBody(user: string, mailboxPath: () => string, uid: number): boolean {
    const striking = this.#of('nil-body').find(
      ({ fault, left }) =>
        left > 0 &&
        (fault.user === undefined || fault.user === user) &&
        (fault.mailbox === undefined || fault.mailbox === mailboxPath()) &&
        (fault.uids === undefined || fault.uids.includes(uid)),
    );
    if (striking) striking.left -= 1;
    return striking !== undefined;
  }

  refusesFlag(flag: string): boolean {
    return this.#of('refuse-keyword').some(({ fault }) => fault.keyword.toLowerCase() === flag.toLowerCase());
  }

  isFull(user: string): boolean {
    return this.#of('full-quota').some(({ fault }) => fault.user === undefined || fault.user === user);
  }

  /** The newest so many messages of a mailbox are shown; null shows all. */
  get viewCap(): number | null {
    const caps = this.#of('view-cap').map(({ fault }) => fault.newest);
    return caps.length === 0 ? null : Math.min(...caps);
  }

  #ofLine<Kind extends LineFault['kind']>(kind: Kind, route: Route): Active<Extract<LineFault, { kind: Kind }>>[] {
    return this.#of(kind).filter(({ fault }: Active<LineFault>) => fault.routes === undefined || fault.routes.includes(route));
  }

  #of<Kind extends Fault['kind']>(kind: Kind): Active<Extract<Fault, { kind: Kind }>>[] {
    return [...this.#active].filter((active): active is Active<Extract<Fault, { kind: Kind }>> => active.fault.kind === kind);
  }
}

import type { Route } from '../store/access-log.ts';

/** The routes that a fault of the line strikes; all without them. */
interface OnRoutes {
  readonly routes?: readonly Route[];
}

/** What goes wrong on purpose, for as long as the fault is there. */
export type Fault =
  /** Every piece that the server sends comes that much later. */
  | ({ readonly kind: 'slow'; readonly delayMs: number } & OnRoutes)
  /** The server sends no faster than that. */
  | ({ readonly kind: 'throttle'; readonly bytesPerSecond: number } & OnRoutes)
  /** A connection ends when the server has sent that many bytes; the first `times` connections, default all. */
  | ({ readonly kind: 'drop'; readonly afterBytes: number; readonly times?: number } & OnRoutes)
  /** `BODY[]` and its parts are NIL: of the named UIDs, default all; the first `times` times, default always. */
  | {
      readonly kind: 'nil-body';
      readonly user?: string;
      readonly mailbox?: string;
      readonly uids?: readonly number[];
      readonly times?: number;
    }
  /** No message takes that flag or keyword; case is ignored. */
  | { readonly kind: 'refuse-keyword'; readonly keyword: string }
  /** The quota is used up, of one account or of all. */
  | { readonly kind: 'full-quota'; readonly user?: string }
  /** IMAP shows the newest that many messages of a mailbox (SPEC P9). */
  | { readonly kind: 'view-cap'; readonly newest: number };

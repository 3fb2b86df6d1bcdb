export type Phase =
  | 'connecting'
  | 'listing'
  | 'fetching'
  | 'sealing'
  | 'removing'
  | 'verifying'
  | 'uploading'
  | 'reconciling'
  | 'reading'
  | 'converting'
  | 'checking';

/** Where a run is. Within a phase the `done` figures only grow. */
export interface Progress {
  readonly phase: Phase;
  readonly messagesDone: number;
  /** 0 until it is known. */
  readonly messagesTotal: number;
  readonly bytesDone: number;
  /** 0 until it is known. */
  readonly bytesTotal: number;
  /** The mailbox or file that is worked on. */
  readonly current: string | null;
  /** While the run waits because a server asked for a pause or broke off: when it goes on. Else null. */
  readonly waitingUntil: Date | null;
}

export type OnProgress = (progress: Progress) => void;

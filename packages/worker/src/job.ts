/** What a job does: one of core's operations. */
export type JobKind = 'backup' | 'migrate' | 'upload' | 'verify';

export type JobState = 'queued' | 'running' | 'done' | 'partial' | 'failed' | 'cancelled';

/** A piece of work for a worker. */
export interface Job {
  readonly id: string;
  readonly kind: JobKind;
  readonly state: JobState;
}

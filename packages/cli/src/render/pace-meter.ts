import type { Progress } from '@mailferry/core/operations';

/** How fast a phase goes. Null while that can't be known. */
export interface Pace {
  readonly messagesPerSecond: number | null;
  readonly bytesPerSecond: number | null;
  readonly secondsLeft: number | null;
}

interface Sample {
  readonly atMs: number;
  readonly messages: number;
  readonly bytes: number;
}

const SAMPLE_MS = 500;
const SMOOTHING_MS = 10_000;
const WARM_UP_MS = 1_000;
const SECONDS_LEFT_MAX = 100 * 3_600;

/** Measures one phase: exponentially smoothed rates, so that one slow message doesn't throw the estimate about. */
export class PaceMeter {
  #last: Sample | null = null;
  #measuredMs = 0;
  #messageRate = 0;
  #byteRate = 0;

  /** To be called when the phase goes on after another one, so that the time in between doesn't count. */
  resume(): void {
    this.#last = null;
  }

  measure(progress: Progress, nowMs: number): Pace {
    const next: Sample = { atMs: nowMs, messages: progress.messagesDone, bytes: progress.bytesDone };
    const last = this.#last;
    // Smaller figures mean that the phase has begun anew, as sealing does with each part.
    if (last === null || next.messages < last.messages || next.bytes < last.bytes) this.#last = next;
    else if (nowMs - last.atMs >= SAMPLE_MS) this.#take(last, next);
    const known = this.#measuredMs >= WARM_UP_MS;
    return {
      messagesPerSecond: known ? this.#messageRate : null,
      bytesPerSecond: known && progress.bytesDone > 0 ? this.#byteRate : null,
      secondsLeft: known ? this.#secondsLeft(progress) : null,
    };
  }

  #take(last: Sample, next: Sample): void {
    const elapsedMs = next.atMs - last.atMs;
    const messageRate = (next.messages - last.messages) / (elapsedMs / 1_000);
    const byteRate = (next.bytes - last.bytes) / (elapsedMs / 1_000);
    // The plain mean until there is a whole smoothing window to look back on.
    const share = this.#measuredMs < SMOOTHING_MS ? elapsedMs / (this.#measuredMs + elapsedMs) : 1 - Math.exp(-elapsedMs / SMOOTHING_MS);
    this.#messageRate += share * (messageRate - this.#messageRate);
    this.#byteRate += share * (byteRate - this.#byteRate);
    this.#measuredMs += elapsedMs;
    this.#last = next;
  }

  #secondsLeft(progress: Progress): number | null {
    const byBytes = progress.bytesTotal > 0;
    const left = byBytes ? progress.bytesTotal - progress.bytesDone : progress.messagesTotal - progress.messagesDone;
    const rate = byBytes ? this.#byteRate : this.#messageRate;
    if ((byBytes ? progress.bytesTotal : progress.messagesTotal) === 0 || rate <= 0) return null;
    const seconds = Math.max(0, left / rate);
    return seconds < SECONDS_LEFT_MAX ? seconds : null;
  }
}

import type { OnProgress, Phase, Progress } from '@mailferry/core/operations';
import type { OutputStream } from '../terminal.ts';
import type { Texts } from '../texts.ts';
import { cutToWidth } from './display-width.ts';
import { type Pace, PaceMeter } from './pace-meter.ts';
import { progressText } from './progress-text.ts';

/** Where progress goes. `close` leaves the stream clean for what follows. */
export interface ProgressDisplay {
  readonly onProgress: OnProgress;
  /** A line of its own, above the progress. */
  note(line: string): void;
  /** Runs a write to the same terminal so that it comes to stand above the progress. */
  above(write: () => void): void;
  close(): void;
}

const REDRAW_MS = 100;
const REFRESH_MS = 1_000;
const PLAIN_LINE_MS = 10_000;
const COLUMNS_DEFAULT = 80;
const ERASE_LINE = '\r\x1b[K';

/** A meter for each phase: phases take turns when parts are uploaded as they are sealed. */
class PhaseMeters {
  readonly #meters = new Map<Phase, PaceMeter>();
  #current: Phase | null = null;

  measure(progress: Progress): Pace {
    const meter = this.#meters.get(progress.phase) ?? new PaceMeter();
    this.#meters.set(progress.phase, meter);
    if (progress.phase !== this.#current) meter.resume();
    this.#current = progress.phase;
    return meter.measure(progress, performance.now());
  }
}

/** One line that is drawn over and over, for a terminal. */
const liveDisplay = (stream: OutputStream, texts: Texts): ProgressDisplay => {
  const meters = new PhaseMeters();
  let latest: Progress | null = null;
  let drawnAtMs = Number.NEGATIVE_INFINITY;
  const draw = (): void => {
    if (latest === null) return;
    drawnAtMs = performance.now();
    // The last column stays free: writing into it would wrap the line on some terminals.
    const text = progressText(latest, meters.measure(latest), texts);
    stream.write(ERASE_LINE + cutToWidth(text, (stream.columns || COLUMNS_DEFAULT) - 1));
  };
  const refresh = setInterval(draw, REFRESH_MS).unref();
  const above = (write: () => void): void => {
    if (latest !== null) stream.write(ERASE_LINE);
    write();
    if (performance.now() - drawnAtMs >= REDRAW_MS) draw();
  };
  return {
    onProgress: (progress) => {
      latest = progress;
      if (performance.now() - drawnAtMs >= REDRAW_MS) draw();
    },
    note: (line) => {
      stream.write(`${ERASE_LINE}${line}\n`);
      draw();
    },
    above,
    close: () => {
      clearInterval(refresh);
      if (latest !== null) stream.write(ERASE_LINE);
      latest = null;
    },
  };
};

/** A line at the start of each phase and every ten seconds within it, for a log. */
const plainDisplay = (stream: OutputStream, texts: Texts): ProgressDisplay => {
  const meters = new PhaseMeters();
  let phase: Phase | null = null;
  let writtenAtMs = Number.NEGATIVE_INFINITY;
  return {
    onProgress: (progress) => {
      const pace = meters.measure(progress);
      const nowMs = performance.now();
      if (progress.phase === phase && nowMs - writtenAtMs < PLAIN_LINE_MS) return;
      phase = progress.phase;
      writtenAtMs = nowMs;
      stream.write(`${progressText(progress, pace, texts)}\n`);
    },
    note: (line) => stream.write(`${line}\n`),
    above: (write) => write(),
    close: () => undefined,
  };
};

const quietDisplay = (stream: OutputStream): ProgressDisplay => ({
  onProgress: () => undefined,
  note: (line) => stream.write(`${line}\n`),
  above: (write) => write(),
  close: () => undefined,
});

export const openProgressDisplay = (stream: OutputStream, texts: Texts, quiet: boolean): ProgressDisplay => {
  if (quiet) return quietDisplay(stream);
  return stream.isTTY ? liveDisplay(stream, texts) : plainDisplay(stream, texts);
};

/** A clock that only moves when it is told to. */
export interface ManualClock {
  /** To be given to `startPlatform` as its `now`. */
  readonly now: () => Date;
  /** Parts add up; negative ones go back. */
  advance(by: ClockStep): void;
  set(instant: Date): void;
}

export interface ClockStep {
  readonly days?: number;
  readonly hours?: number;
  readonly minutes?: number;
  readonly seconds?: number;
}

/** Stands still at `start`, so that "7 days later" is a call in a test. */
export const manualClock = (start: Date): ManualClock => {
  let time = start.getTime();
  return {
    now: () => new Date(time),
    advance: ({ days = 0, hours = 0, minutes = 0, seconds = 0 }) => {
      time += (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
    },
    set: (instant) => {
      time = instant.getTime();
    },
  };
};

import type { Progress } from '@mailferry/core/operations';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PaceMeter } from './pace-meter.ts';

const at = (more: Partial<Progress>): Progress => ({
  phase: 'fetching',
  messagesDone: 0,
  messagesTotal: 0,
  bytesDone: 0,
  bytesTotal: 0,
  current: null,
  waitingUntil: null,
  ...more,
});

/** What the meter says after `seconds` of one message of `messageBytes` a second. */
const afterSteady = (meter: PaceMeter, seconds: number, messageBytes: number, more: Partial<Progress>) => {
  let pace = meter.measure(at(more), 0);
  for (let second = 1; second <= seconds; second += 1)
    pace = meter.measure(at({ ...more, messagesDone: second, bytesDone: second * messageBytes }), second * 1_000);
  return pace;
};

describe('PaceMeter', () => {
  it('says nothing in the first second', () => {
    expect(new PaceMeter().measure(at({ bytesDone: 500, bytesTotal: 1_000 }), 999)).toEqual({
      messagesPerSecond: null,
      bytesPerSecond: null,
      secondsLeft: null,
    });
  });

  it('goes by bytes where they are known, else by messages, else knows nothing', () => {
    expect(afterSteady(new PaceMeter(), 20, 100, { messagesTotal: 30, bytesTotal: 10_000 }).secondsLeft).toBeCloseTo(80);
    expect(afterSteady(new PaceMeter(), 20, 0, { messagesTotal: 30 }).secondsLeft).toBeCloseTo(10);
    expect(afterSteady(new PaceMeter(), 20, 100, {}).secondsLeft).toBeNull();
  });

  it('does not count the time that other phases took in between', () => {
    const meter = new PaceMeter();
    afterSteady(meter, 20, 100, { bytesTotal: 10_000 });
    meter.resume();
    meter.measure(at({ messagesDone: 20, bytesDone: 2_000, bytesTotal: 10_000 }), 500_000);
    const pace = meter.measure(at({ messagesDone: 21, bytesDone: 2_100, bytesTotal: 10_000 }), 501_000);
    expect(pace.secondsLeft).toBeCloseTo(79);
  });

  it('starts a new measurement when the phase begins anew', () => {
    const meter = new PaceMeter();
    afterSteady(meter, 20, 100, { bytesTotal: 10_000 });
    const pace = meter.measure(at({ bytesTotal: 10_000 }), 21_000);
    expect(pace.bytesPerSecond).toBeNull();
    expect(pace.secondsLeft).toBeCloseTo(100);
  });

  it('gives up the estimate when nothing moves any more', () => {
    const meter = new PaceMeter();
    afterSteady(meter, 20, 0, { messagesTotal: 30 });
    let pace = meter.measure(at({ messagesDone: 20, messagesTotal: 30 }), 21_000);
    expect(pace.secondsLeft).toBeGreaterThan(10);
    for (let second = 22; second < 300; second += 1) pace = meter.measure(at({ messagesDone: 20, messagesTotal: 30 }), second * 1_000);
    expect(pace.secondsLeft).toBeNull();
  });

  it('never goes below zero, however wrong the totals were', () => {
    const steps = fc.array(fc.tuple(fc.integer({ min: 1, max: 5_000 }), fc.nat(1_000), fc.nat(100_000)), { maxLength: 50 });
    fc.assert(
      fc.property(steps, fc.nat(10_000), fc.nat(1_000_000), (moves, messagesTotal, bytesTotal) => {
        const meter = new PaceMeter();
        let [nowMs, messagesDone, bytesDone] = [0, 0, 0];
        for (const [elapsedMs, messages, bytes] of moves) {
          nowMs += elapsedMs;
          messagesDone += messages;
          bytesDone += bytes;
          const pace = meter.measure(at({ messagesDone, messagesTotal, bytesDone, bytesTotal }), nowMs);
          for (const value of [pace.secondsLeft, pace.messagesPerSecond, pace.bytesPerSecond]) {
            expect(value === null || (Number.isFinite(value) && value >= 0)).toBe(true);
          }
        }
      }),
    );
  });
});

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MailferryError } from '../errors.ts';
import { Patience } from './patience.ts';
import type { Progress } from './progress.ts';
import { ProgressMeter } from './progress-meter.ts';

let told: Progress[];
let abort: AbortController;
let patience: Patience;

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
  told = [];
  abort = new AbortController();
  patience = new Patience(new ProgressMeter((progress) => told.push(progress)));
});
afterEach(() => vi.useRealTimers());

const busy = (retryAfterMs: number | null = null) => new MailferryError('server-busy', { host: 'h', reply: 'wait' }, { retryAfterMs });

/** Fails so often with that error, then succeeds. */
const failing = (times: number, error: Error) => {
  let left = times;
  return vi.fn(async () => {
    left -= 1;
    if (left >= 0) throw error;
    return 'done';
  });
};

describe('patience', () => {
  it('waits as long as it was told, and says so', async () => {
    const work = failing(1, busy(3000));
    const result = patience.keepTrying(work, abort.signal);
    await vi.advanceTimersByTimeAsync(2999);
    expect(work).toHaveBeenCalledTimes(1);
    expect(told.at(-1)?.waitingUntil).toEqual(new Date(3000));
    await vi.advanceTimersByTimeAsync(1);
    expect(await result).toBe('done');
    expect(told.at(-1)?.waitingUntil).toBeNull();
  });

  it('waits longer each time when it is not told', async () => {
    const work = failing(4, busy());
    const result = patience.keepTrying(work, abort.signal);
    const times: number[] = [];
    for (let ms = 0; ms < 40_000 && times.length < 5; ms += 50) {
      if (work.mock.calls.length > times.length) times.push(ms);
      await vi.advanceTimersByTimeAsync(50);
    }
    expect(await result).toBe('done');
    const waits = times.slice(1).map((ms, i) => ms - Number(times[i]));
    for (const [i, wait] of waits.entries()) expect(wait).toBeGreaterThanOrEqual(1000 * 2 ** i);
  });

  it('gives up after so many failures in a row, but begins anew with any success', async () => {
    const lost = new MailferryError('connection-lost', { host: 'h', port: 1, reason: 'x' });
    const first = patience.keepTrying(failing(4, lost), abort.signal);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await first).toBe('done');
    const result = patience.keepTrying(failing(5, lost), abort.signal).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await result).toBe(lost);
  });

  it('throws at once what no wait mends', async () => {
    const refused = new MailferryError('auth-refused', { host: 'h', user: 'u', reply: 'no' });
    await expect(patience.keepTrying(failing(1, refused), abort.signal)).rejects.toBe(refused);
    await expect(patience.keepTrying(failing(1, busy(31 * 60_000)), abort.signal)).rejects.toMatchObject({ code: 'server-busy' });
    await expect(patience.keepTrying(failing(1, new Error('bug')), abort.signal)).rejects.toThrow('bug');
  });

  it('ends its wait when the run is stopped', async () => {
    const result = patience.keepTrying(failing(1, busy(60_000)), abort.signal).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(10);
    abort.abort();
    await vi.advanceTimersByTimeAsync(0);
    expect(await result).toMatchObject({ code: 'cancelled' });
    expect(told.at(-1)?.waitingUntil).toBeNull();
  });
});

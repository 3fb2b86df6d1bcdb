import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_MS = 400;
const LONGEST_WAIT_MS = 15_000;
/** Cores that others may be using. */
const QUIET_CORES = 0.3;

const busyMs = (): number => cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0);

/** Waits until the machine has next to nothing to do; for 15 seconds at most. */
export const quietMoment = async (signal: AbortSignal): Promise<void> => {
  for (let waited = 0; waited < LONGEST_WAIT_MS; waited += LOOK_MS) {
    const before = busyMs();
    await sleep(LOOK_MS, undefined, { signal });
    if ((busyMs() - before) / LOOK_MS < QUIET_CORES) return;
  }
};

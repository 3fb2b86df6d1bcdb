import type { Measured, Usage } from './measure-command.ts';
import { quietMoment } from './quiet-moment.ts';

export interface Contender {
  readonly name: string;
  /** One run, measured, and with its result looked at. */
  readonly run: () => Promise<Measured>;
}

export interface Standing {
  readonly name: string;
  readonly median: Usage;
  readonly fastestSeconds: number;
  readonly slowestSeconds: number;
  /** Of all counted runs. */
  readonly peakRssBytes: number;
}

const medianOf = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >>> 1;
  const [low = 0, high = 0] = sorted.length % 2 === 1 ? [sorted[middle], sorted[middle]] : [sorted[middle - 1], sorted[middle]];
  return (low + high) / 2;
};

const toStanding = (name: string, usages: readonly Usage[]): Standing => {
  const walls = usages.map(({ wallSeconds }) => wallSeconds);
  return {
    name,
    median: {
      wallSeconds: medianOf(walls),
      cpuSeconds: medianOf(usages.map(({ cpuSeconds }) => cpuSeconds)),
      peakRssBytes: medianOf(usages.map(({ peakRssBytes }) => peakRssBytes)),
    },
    fastestSeconds: Math.min(...walls),
    slowestSeconds: Math.max(...walls),
    peakRssBytes: Math.max(...usages.map(({ peakRssBytes }) => peakRssBytes)),
  };
};

/**
 * Runs the contenders in turn, once to warm server and disk cache up and then `runs` times, every other round
 * in reverse order, so that what slows the machine down for a while meets all of them.
 */
export const holdContest = async (contenders: readonly Contender[], runs: number, signal: AbortSignal): Promise<Standing[]> => {
  const usages = new Map(contenders.map(({ name }) => [name, [] as Usage[]]));
  for (let round = 0; round <= runs; round += 1) {
    for (const { name, run } of round % 2 === 0 ? contenders : contenders.toReversed()) {
      await quietMoment(signal);
      const { usage } = await run();
      if (round > 0) usages.get(name)?.push(usage);
    }
  }
  return Array.from(usages, ([name, measured]) => toStanding(name, measured));
};

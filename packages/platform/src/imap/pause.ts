import { takeTurns } from './session.ts';

/** After that long other connections have their turn. */
const TURN_MS = 10;

/** To be awaited again and again in long work: gives others their turn when it is due. */
export type Pause = () => Promise<void> | undefined;

export const newPause = (): Pause => {
  let since = performance.now();
  return () => {
    if (performance.now() - since < TURN_MS) return undefined;
    return takeTurns().then(() => {
      since = performance.now();
    });
  };
};

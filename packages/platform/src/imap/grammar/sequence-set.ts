import type { Cursor } from './cursor.ts';

/** RFC 3501 §9 `sequence-set`: message numbers or UIDs. `*`, the largest in use, is Infinity. */
export type SequenceSet = readonly { readonly from: number; readonly to: number }[];

export const readSequenceSet = (cursor: Cursor): SequenceSet => {
  const ranges: { from: number; to: number }[] = [];
  do {
    const first = cursor.sequenceNumber();
    const second = cursor.accept(':') ? cursor.sequenceNumber() : first;
    ranges.push({ from: Math.min(first, second), to: Math.max(first, second) });
  } while (cursor.accept(','));
  return ranges;
};

/** Numbers in the form that a client reads back: `3:5,9`. The order stays, as COPYUID needs it. */
export const formatSequenceSet = (numbers: readonly number[]): string => {
  const ranges: { from: number; to: number }[] = [];
  for (const number of numbers) {
    const last = ranges.at(-1);
    if (last && number === last.to + 1) last.to = number;
    else ranges.push({ from: number, to: number });
  }
  return ranges.map(({ from, to }) => (from === to ? `${from}` : `${from}:${to}`)).join(',');
};

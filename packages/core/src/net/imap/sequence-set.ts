/** Writes UIDs as a sequence-set (RFC 9051 §9): `1:3,7`. In ascending order, runs joined. */
export const toSequenceSet = (uids: readonly number[]): string => {
  const runs: string[] = [];
  const sorted = uids.toSorted((a, b) => a - b);
  for (let start = 0; start < sorted.length; ) {
    let end = start;
    while (sorted[end + 1] === Number(sorted[end]) + 1) end += 1;
    runs.push(end === start ? String(sorted[start]) : `${sorted[start]}:${sorted[end]}`);
    start = end + 1;
  }
  return runs.join(',');
};

/** The numbers of a sequence-set without `*`; null for anything else, and for more than `limit` numbers. */
export const parseSequenceSet = (set: string, limit: number): number[] | null => {
  const numbers: number[] = [];
  for (const range of set.split(',')) {
    const [, first, last = first] = /^(\d{1,10})(?::(\d{1,10}))?$/.exec(range) ?? [];
    if (first === undefined) return null;
    const [from, to] = [Math.min(Number(first), Number(last)), Math.max(Number(first), Number(last))];
    if (numbers.length + to - from >= limit) return null;
    for (let number = from; number <= to; number += 1) numbers.push(number);
  }
  return numbers;
};

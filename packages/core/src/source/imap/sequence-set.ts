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

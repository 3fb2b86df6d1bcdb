import { expect, it } from 'vitest';
import { readBackoff } from './read-backoff.ts';

it.each([
  ['Request is throttled. Suggested Backoff Time: 299 milliseconds', 299],
  ['[UNAVAILABLE] Backend busy, try again in 30 seconds', 30_000],
  ['Too many requests; wait 2 minutes', 120_000],
  ['retry after 1 hour', 3_600_000],
  ['[THROTTLED] slow down', null],
  ['Account exceeded command or bandwidth limits.', null],
  ['Suggested Backoff Time: 999999999', 86_400_000],
])('%s', (reply, expected) => {
  expect(readBackoff(reply)).toBe(expected);
});

import { describe, expect, it } from 'vitest';
import { bytesText, durationText } from './quantities.ts';

describe('quantities', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1_000, '1.0 kB'],
    [9_949, '9.9 kB'],
    [9_951, '10 kB'],
    [999_499, '999 kB'],
    [999_500, '1.0 MB'],
    [80_123_456, '80 MB'],
    [1_999_999_999, '2.0 GB'],
    [5e15, '5000 TB'],
  ])('%i bytes are %s', (bytes, text) => {
    expect(bytesText(bytes)).toBe(text);
  });

  it.each([
    [0, '0:00'],
    [7.4, '0:07'],
    [59.6, '1:00'],
    [3_599.6, '1:00:00'],
    [11_100, '3:05:00'],
  ])('%f seconds are %s', (seconds, text) => {
    expect(durationText(seconds)).toBe(text);
  });
});

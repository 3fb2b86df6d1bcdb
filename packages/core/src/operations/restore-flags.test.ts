import { expect, it } from 'vitest';
import { fewerFlags, TakenFlags } from './restore-flags.ts';

it('keeps what the mailbox keeps, and nothing that a command could not name', () => {
  const kept = new TakenFlags(new Set(['\\seen', '$forwarded']));
  expect(kept.of(['\\Seen', '\\Flagged', '$Forwarded', '$NotJunk', '\\Recent'])).toEqual(['\\Seen', '$Forwarded']);
  const any = new TakenFlags(null);
  expect(any.of(['\\Seen', '\\Odd', 'key', 'two words', 'a)', 'x\r\nA1 LOGOUT', '\xed\x95\x9c', '한', ''])).toEqual([
    '\\Seen',
    'key',
    '\xed\x95\x9c',
  ]);
});

it('learns which keyword was refused where only that one was left out', () => {
  const flags = new TakenFlags(null);
  flags.learn(['\\Seen', 'a', 'b'], ['\\Seen']);
  expect(flags.of(['a', 'b'])).toEqual(['a', 'b']);
  flags.learn(['\\Seen', 'a', 'b'], ['\\Seen', 'a']);
  expect(flags.of(['a', 'B'])).toEqual(['a']);
});

it('tries as many flags as it can first', () => {
  expect(fewerFlags(['\\Seen', 'a', 'b'])).toEqual([['\\Seen', 'b'], ['\\Seen', 'a'], ['\\Seen'], []]);
  expect(fewerFlags(['a'])).toEqual([[]]);
  expect(fewerFlags(['\\Seen', ...'abcde'])).toEqual([['\\Seen'], []]);
  expect(fewerFlags([])).toEqual([]);
});

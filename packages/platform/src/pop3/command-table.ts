import { capa, quit, stls } from './commands/any-state.ts';
import { dele, noop, rset } from './commands/delete.ts';
import { auth, pass, user } from './commands/log-in.ts';
import { retr, top } from './commands/retrieve.ts';
import { list, stat, uidl } from './commands/scan.ts';
import type { Command } from './session.ts';

/** Every command by its keyword in capitals. */
export const COMMANDS: ReadonlyMap<string, Command> = new Map([
  ['AUTH', auth],
  ['CAPA', capa],
  ['DELE', dele],
  ['LIST', list],
  ['NOOP', noop],
  ['PASS', pass],
  ['QUIT', quit],
  ['RETR', retr],
  ['RSET', rset],
  ['STAT', stat],
  ['STLS', stls],
  ['TOP', top],
  ['UIDL', uidl],
  ['USER', user],
]);

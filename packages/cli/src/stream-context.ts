import type { CommandContext } from './command-context.ts';
import type { Output } from './output.ts';

/** What a command gets that writes its result as it comes. */
export interface StreamContext extends CommandContext {
  readonly output: Output;
  /** One JSON document is wanted. */
  readonly json: boolean;
}

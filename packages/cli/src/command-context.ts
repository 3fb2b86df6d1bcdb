import type { OnProgress } from '@mailferry/core/operations';
import type { Secrets } from './secrets.ts';
import type { Terminal } from './terminal.ts';
import type { Texts } from './texts.ts';

/** What a command gets besides its options. */
export interface CommandContext {
  readonly texts: Texts;
  readonly terminal: Terminal;
  readonly secrets: Secrets;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
  /** Shows a line beside the progress. */
  readonly note: (line: string) => void;
}

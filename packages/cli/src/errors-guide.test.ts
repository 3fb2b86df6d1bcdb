import { ERROR_KINDS, type ErrorCode } from '@mailferry/core/errors';
import { expect, it } from 'vitest';
import { exitCodeOfError } from './exit-code.ts';

const INTRODUCTION = `# Error codes

Every error that Mailferry raises on purpose has a permanent code. Scripts go by the code, never by the text.

- **scope**: what the error puts out of reach: one \`message\`, one \`mailbox\`, one \`account\`, or the whole \`run\`.
- **retry**: when the same attempt may succeed: \`now\`, \`later\`, or \`never\` without a change by a person.
- **exit**: the exit code of a command that ends with it. An error of one message or one mailbox is listed in the
  report instead, and the run goes on: the command then ends with 3.

\`{name}\` in a text is filled in from the error's \`details\`, which \`--json\` shows too.
The Korean texts are in \`packages/cli/src/messages/ko-errors.ts\`.

`;

const HEADING = ['code', 'scope', 'retry', 'exit', 'text', 'what to do'];

const row = ([code, { scope, retry, message, hint }]: [string, (typeof ERROR_KINDS)[ErrorCode]]): string[] => {
  const exit = scope === 'message' || scope === 'mailbox' ? '–' : String(exitCodeOfError(code as ErrorCode));
  return [`\`${code}\``, scope, retry, exit, message, hint].map((cell) => cell.replaceAll('|', '\\|'));
};

/** A table as the formatter leaves it: padded to equal columns. */
const guide = (): string => {
  const rows = [HEADING, ...Object.entries(ERROR_KINDS).map(row)];
  const widths = HEADING.map((_, at) => Math.max(...rows.map((cells) => cells[at]?.length ?? 0)));
  const line = (cells: readonly string[]): string => `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |\n`;
  const [heading = [], ...others] = rows;
  return INTRODUCTION + [heading, widths.map((width) => '-'.repeat(width)), ...others].map(line).join('');
};

it('docs/errors.md holds every error kind as it is (written anew by `vitest -u`)', async () => {
  await expect(guide()).toMatchFileSnapshot('../../../docs/errors.md');
});

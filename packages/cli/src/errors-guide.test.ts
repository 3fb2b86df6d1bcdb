import { ERROR_KINDS } from '@mailferry/core/errors';
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

const cell = (text: string): string => text.replaceAll('|', '\\|');

const guide = (): string => {
  const rows = Object.entries(ERROR_KINDS).map(([code, { scope, retry, message, hint }]) => {
    const exit = scope === 'message' || scope === 'mailbox' ? '–' : exitCodeOfError(code as keyof typeof ERROR_KINDS);
    return `| \`${code}\` | ${scope} | ${retry} | ${exit} | ${cell(message)} | ${cell(hint)} |`;
  });
  return `${INTRODUCTION}| code | scope | retry | exit | text | what to do |\n|---|---|---|---|---|---|\n${rows.join('\n')}\n`;
};

it('docs/errors.md holds every error kind as it is (written anew by `vitest -u`)', async () => {
  await expect(guide()).toMatchFileSnapshot('../../../docs/errors.md');
});

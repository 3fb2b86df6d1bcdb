import { isMailferryError } from '@mailferry/core/errors';
import { tokenCommand } from '@mailferry/core/source';
import type { AccountUrl } from './account-url.ts';
import type { CommandContext } from './command-context.ts';
import { optionInvalid } from './option-invalid.ts';
import { ask, canAsk } from './terminal.ts';

const runCommand = async (option: string, command: string, signal: AbortSignal): Promise<string> => {
  try {
    return await tokenCommand({ command }).token(signal);
  } catch (error) {
    if (!isMailferryError(error, 'token-failed', 'token-refused')) throw error;
    throw optionInvalid(option, String(error.details.reason ?? error.details.reply));
  }
};

/**
 * Where a code of two-step verification comes from when the platform asks for one (SPEC M4): from the command that was given, or
 * from a person. Undefined where there is neither.
 */
export const chooseOneTimeCode = (
  side: 'from' | 'to',
  command: string | undefined,
  account: AccountUrl,
  { terminal, texts, secrets }: CommandContext,
): ((signal: AbortSignal) => Promise<string>) | undefined => {
  if (command === undefined && !canAsk(terminal)) return undefined;
  return async (signal) => {
    const question = texts.text('ask.one-time-code', account);
    const answer =
      command === undefined ? ask(terminal, question, { echo: true, signal }) : runCommand(`--${side}-code-command`, command, signal);
    const code = (await answer).replaceAll(' ', '');
    secrets.add(code);
    return code;
  };
};

import { MailferryError } from '@mailferry/core/errors';
import type { CommandContext } from './command-context.ts';
import { ask, canAsk } from './terminal.ts';

/** Nothing is moved without an explicit yes, in advance or on the terminal (SPEC M3). Throws `consent-missing` or `cancelled`. */
export const requireConsent = async (agreed: boolean, question: string, context: CommandContext): Promise<void> => {
  if (agreed) return;
  if (!canAsk(context.terminal)) throw new MailferryError('consent-missing', {});
  const answer = await ask(context.terminal, question, { echo: true, signal: context.signal });
  const affirmative = context.texts.text('ask.affirmative').split(' ');
  if (!affirmative.includes(answer.trim().toLowerCase())) throw new MailferryError('consent-missing', {});
};

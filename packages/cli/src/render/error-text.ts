import type { ErrorCode, MailferryError } from '@mailferry/core/errors';
import { providerOfHost } from '@mailferry/core/providers';
import type { Secrets } from '../secrets.ts';
import type { Texts } from '../texts.ts';
import { printable, wrapToWidth } from './display-width.ts';

/** Errors that a switch at the provider may be behind. */
const SWITCHED_OFF: ReadonlySet<ErrorCode> = new Set(['auth-refused', 'auth-unsupported', 'connection-refused', 'tls-missing']);

/** What the provider of the host wants first (SPEC M8); null where nothing is known of it, or it doesn't matter. */
export const providerAdvice = ({ code, details }: MailferryError, texts: Texts): string | null => {
  const provider = SWITCHED_OFF.has(code) ? providerOfHost(String(details.host ?? '')) : null;
  return provider && `${provider.name[texts.language]}: ${provider.advice[texts.language]}`;
};

/** What went wrong, its code, and what to do about it. */
export const errorText = (error: MailferryError, texts: Texts, secrets: Secrets, columns = Number.POSITIVE_INFINITY): string => {
  const message = texts.errorMessage(error.code, secrets.redactDetails(error.details));
  const advice = providerAdvice(error, texts);
  const sentences = [`mailferry: ${printable(message)} [${error.code}]`, texts.errorHint(error.code), ...(advice === null ? [] : [advice])];
  return sentences.flatMap((sentence) => wrapToWidth(sentence, columns, 0).map((line) => `${line}\n`)).join('');
};

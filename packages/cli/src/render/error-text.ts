import type { ErrorCode, MailferryError } from '@mailferry/core/errors';
import { providerOfHost } from '@mailferry/core/providers';
import type { Secrets } from '../secrets.ts';
import type { Texts } from '../texts.ts';
import { printable } from './display-width.ts';

/** Errors that a switch at the provider may be behind. */
const SWITCHED_OFF: ReadonlySet<ErrorCode> = new Set(['auth-refused', 'auth-unsupported', 'connection-refused', 'tls-missing']);

/** What the provider of the host wants first (SPEC M8); null where nothing is known of it, or it doesn't matter. */
export const providerAdvice = ({ code, details }: MailferryError, texts: Texts): string | null => {
  const provider = SWITCHED_OFF.has(code) ? providerOfHost(String(details.host ?? '')) : null;
  return provider && `${provider.name[texts.language]}: ${provider.advice[texts.language]}`;
};

/** What went wrong, its code, and what to do about it. */
export const errorText = (error: MailferryError, texts: Texts, secrets: Secrets): string => {
  const message = texts.errorMessage(error.code, secrets.redactDetails(error.details));
  const advice = providerAdvice(error, texts);
  return `mailferry: ${printable(message)} [${error.code}]\n${texts.errorHint(error.code)}\n${advice === null ? '' : `${advice}\n`}`;
};

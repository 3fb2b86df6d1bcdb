import type { MailferryError } from '@mailferry/core/errors';
import type { Secrets } from '../secrets.ts';
import type { Texts } from '../texts.ts';
import { printable } from './display-width.ts';

/** What went wrong, its code, and what to do about it. */
export const errorText = (error: MailferryError, texts: Texts, secrets: Secrets): string => {
  const message = texts.errorMessage(error.code, secrets.redactDetails(error.details));
  return `mailferry: ${printable(message)} [${error.code}]\n${texts.errorHint(error.code)}\n`;
};

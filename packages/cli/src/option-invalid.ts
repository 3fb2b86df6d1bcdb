import { MailferryError } from '@mailferry/core/errors';

export const optionInvalid = (option: string, reason: string): MailferryError => new MailferryError('option-invalid', { option, reason });

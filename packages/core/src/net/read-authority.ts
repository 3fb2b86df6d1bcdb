import { readFileSync } from 'node:fs';
import { MailferryError } from '../errors.ts';

/** The PEM text of an authority to trust; null without a file. Errors: `option-invalid`. */
export const readAuthority = (path: string | undefined): string | null => {
  if (path === undefined) return null;
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new MailferryError('option-invalid', { option: 'CA file', reason: `${path} can't be read` }, { cause });
  }
};

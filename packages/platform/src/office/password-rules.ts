import { PlatformError } from '../platform-error.ts';
import type { OfficePolicy } from './policy.ts';

const KINDS = [/\p{Ll}/u, /\p{Lu}/u, /\p{Nd}/u, /[^\p{Ll}\p{Lu}\p{Nd}]/u];
const MAX_LENGTH = 1024;

/** SPEC A10. @throws PlatformError `password-weak`, without the password in its message */
export const checkPassword = (password: string, { passwordMinLength, passwordMinKinds }: OfficePolicy): void => {
  const { length } = [...password];
  if (length < passwordMinLength) throw new PlatformError('password-weak', `A password has at least ${passwordMinLength} characters`);
  if (length > MAX_LENGTH) throw new PlatformError('password-weak', `A password has at most ${MAX_LENGTH} characters`);
  if (KINDS.filter((kind) => kind.test(password)).length < passwordMinKinds) {
    throw new PlatformError(
      'password-weak',
      `A password mixes at least ${passwordMinKinds} of: small letters, capitals, digits, other characters`,
    );
  }
};

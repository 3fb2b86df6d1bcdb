import { Secret, TOTP } from 'otpauth';
import type { Account, Accounts } from '../store/accounts.ts';

const PERIOD_S = 30;
/** Codes of one step before and after are taken, for clocks that differ. RFC 6238 §5.2. */
const WINDOW = 1;

const totpOf = (user: string, secret: string): TOTP =>
  new TOTP({ issuer: 'Mailferry', label: user, algorithm: 'SHA1', digits: 6, period: PERIOD_S, secret: Secret.fromBase32(secret) });

/** A new secret (base32, 160 bits), and the `otpauth://` address that an authenticator takes. */
export const newOneTimeSecret = (user: string): { secret: string; uri: string } => {
  const secret = new Secret({ size: 20 }).base32;
  return { secret, uri: totpOf(user, secret).toString() };
};

/** Whether the code is right now and was not used before. RFC 6238. */
export const acceptOneTimeCode = (accounts: Accounts, { id, user }: Account, secret: string, code: string, now: Date): boolean => {
  if (!/^\d{6}$/.test(code)) return false;
  const timestamp = now.getTime();
  const delta = totpOf(user, secret).validate({ token: code, timestamp, window: WINDOW });
  return delta !== null && accounts.useOneTimeCode(id, Math.floor(timestamp / 1000 / PERIOD_S) + delta);
};

/** The code of that moment, as an authenticator shows it. */
export const oneTimeCode = (secret: string, now: Date): string => totpOf('', secret).generate({ timestamp: now.getTime() });

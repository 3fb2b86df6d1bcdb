import { PlatformError } from '../platform-error.ts';
import type { Store } from '../store/store.ts';

const LOCAL_PART = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~\u{80}-\u{10ffff}-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~\u{80}-\u{10ffff}-]+)*$/u;
const DOMAIN = /^(?!-)[\p{L}\p{N}-]{1,63}(\.[\p{L}\p{N}-]{1,63})*$/u;
const MAX_LOCAL_BYTES = 64;
const MAX_BYTES = 254;

interface AddressParts {
  readonly local: string;
  /** In lower case. */
  readonly domain: string;
}

/** An address as RFC 5321 §4.1.2 has it, without quoted local parts and address literals; RFC 6531 letters too. Null for others. */
export const splitAddress = (address: string): AddressParts | null => {
  const at = address.lastIndexOf('@');
  const local = address.slice(0, at).normalize('NFC');
  const domain = address
    .slice(at + 1)
    .normalize('NFC')
    .toLowerCase();
  const fits = Buffer.byteLength(address) <= MAX_BYTES && Buffer.byteLength(local) <= MAX_LOCAL_BYTES;
  return at > 0 && fits && LOCAL_PART.test(local) && DOMAIN.test(domain) ? { local, domain } : null;
};

/** @throws PlatformError `address-invalid` */
export const readAddress = (address: string): AddressParts => {
  const parts = splitAddress(address);
  if (!parts) throw new PlatformError('address-invalid', `${JSON.stringify(address.slice(0, 100))} is no e-mail address`);
  return parts;
};

/** The address under its primary domain (SPEC A9); null if it is none, or of a domain that is not the office's. */
export const primaryAddress = (store: Store, address: string): string | null => {
  const parts = splitAddress(address);
  const domain = parts && store.directory.domain(parts.domain);
  return domain ? `${parts.local}@${domain.aliasOf ?? domain.name}` : null;
};

/** Where mail for an address goes. */
export interface Recipient {
  /** As it was given. */
  readonly address: string;
  /** Ids of the accounts, each once: several for a mailing address (SPEC A13), none if all its members are gone. */
  readonly accountIds: readonly number[];
}

/** Null if there is no such address in the office. */
export const resolveRecipient = (store: Store, address: string): Recipient | null => {
  const primary = primaryAddress(store, address);
  if (primary === null) return null;
  const account = store.accounts.find(primary);
  if (account) return { address, accountIds: [account.id] };
  const list = store.directory.mailingAddress(primary);
  if (!list) return null;
  const accountIds = list.members.flatMap((member) => store.accounts.find(primaryAddress(store, member) ?? '')?.id ?? []);
  return { address, accountIds: [...new Set(accountIds)] };
};

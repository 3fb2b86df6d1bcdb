import { MailferryError } from '../errors.ts';
import { PROVIDERS } from './presets.ts';
import type { Provider, ProviderServer } from './provider.ts';

/** The provider that an address belongs to by its domain; null for every other domain, whoever serves it. */
export const providerOfAddress = (address: string): Provider | null => {
  const domain = /@([^@]+)$/.exec(address)?.[1]?.toLowerCase() ?? '';
  return PROVIDERS.find(({ domains }) => domains.includes(domain)) ?? null;
};

export const providerById = (id: string): Provider | null => PROVIDERS.find((provider) => provider.id === id.toLowerCase()) ?? null;

/** The provider that a server belongs to, for advice. */
export const providerOfHost = (host: string): Provider | null => {
  const name = host.toLowerCase();
  return (
    PROVIDERS.find(({ pop3, imap, otherHosts = [] }) => pop3?.host === name || imap?.host === name || otherHosts.includes(name)) ?? null
  );
};

export interface ProviderSource {
  /** For `openSource`. */
  readonly url: string;
  /** True where the provider offers no TLS (SPEC P12). */
  readonly needsInsecure: boolean;
}

/**
 * The source URL of an account at a provider. Without a way: IMAP, which shows all mailboxes, else POP3.
 * Errors: `option-invalid` when the provider has no such way.
 */
export const sourceUrlFor = (provider: Provider, address: string, way?: 'imap' | 'pop3'): ProviderSource => {
  const chosen = way ?? (provider.imap ? 'imap' : 'pop3');
  const server = provider[chosen];
  if (!server) throw new MailferryError('option-invalid', { option: 'way', reason: `${provider.name.en} has no ${chosen.toUpperCase()}` });
  const host = (chosen === 'imap' ? provider.backupImapHost : undefined) ?? server.host;
  const user = provider.userName === 'address' ? address : address.slice(0, address.lastIndexOf('@'));
  const method = provider.loginMethod && server.security !== 'plain' ? `;AUTH=${provider.loginMethod}` : '';
  return {
    url: `${schemeOf(chosen, server)}://${encodeURIComponent(user)}${method}@${host}:${server.port}`,
    needsInsecure: server.security === 'plain',
  };
};

const schemeOf = (way: 'imap' | 'pop3', { security }: ProviderServer): string => (security === 'tls' ? `${way}s` : way);

export { type ProviderSource, providerById, providerOfAddress, providerOfHost, sourceUrlFor } from '../providers/find-provider.ts';
export { PROVIDERS } from '../providers/presets.ts';
export type { BothLanguages, Provider, ProviderServer } from '../providers/provider.ts';

import { PROVIDERS, type Provider, providerById } from '@mailferry/core/providers';
import type { CommandContext } from '../command-context.ts';
import { optionInvalid } from '../option-invalid.ts';
import { providersOptions, readOptions } from '../options.ts';

/** What is known of providers: of all, or of the one that was asked for. */
export interface ProvidersReport {
  readonly kind: 'providers';
  readonly providers: readonly Provider[];
}

export const runProviders = async (args: unknown, { texts }: CommandContext): Promise<ProvidersReport> => {
  const { id } = readOptions(providersOptions, args, texts);
  if (id === undefined) return { kind: 'providers', providers: PROVIDERS };
  const provider = providerById(id);
  if (provider) return { kind: 'providers', providers: [provider] };
  throw optionInvalid('[id]', texts.text('reason.provider', { ids: PROVIDERS.map((one) => one.id).join(', ') }));
};

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { PROVIDERS, type Provider, providerById, providerOfAddress, sourceUrlFor } from '@mailferry/core/providers';
import { guessSource } from '@mailferry/core/source';
import { type AccountUrl, readSourceUrl } from './account-url.ts';
import type { CommandContext } from './command-context.ts';
import { optionInvalid } from './option-invalid.ts';
import type { SourceOptions } from './options.ts';
import type { Texts } from './texts.ts';

/** What `--from` names. */
export type FromOption =
  | { readonly kind: 'account'; readonly account: AccountUrl }
  /** `url` has the kind and the absolute path. */
  | { readonly kind: 'files'; readonly url: string };

const FILES = /^(mbox|maildir|eml|zip):(.+)$/is;
const URL_FORM = /^[a-z][a-z0-9+.-]*:\/\//i;

/**
 * Understands `--from`: a server's URL, mail in files with or without its kind, or an address whose provider is known.
 * Throws `option-invalid`, and what looking at files throws.
 */
export const readFrom = async (options: SourceOptions, { texts, signal }: CommandContext): Promise<FromOption> => {
  const { from } = options;
  const [, kind, path = ''] = FILES.exec(from) ?? [];
  if (kind !== undefined) return { kind: 'files', url: `${kind.toLowerCase()}:${resolve(path)}` };
  if (URL_FORM.test(from)) return { kind: 'account', account: readSourceUrl(from, texts) };
  if (existsSync(from)) return { kind: 'files', url: await guessSource(resolve(from), signal) };
  if (!/.@./.test(from)) throw optionInvalid('--from', texts.text('reason.source-url'));
  const { url, needsInsecure } = sourceUrlFor(findProvider(options, texts), from, wayOf(options, texts));
  if (needsInsecure && !options['allow-insecure']) throw optionInvalid('--allow-insecure', texts.text('reason.provider-plain'));
  return { kind: 'account', account: readSourceUrl(url, texts) };
};

const findProvider = ({ from, provider: id }: SourceOptions, texts: Texts): Provider => {
  const provider = id === undefined ? providerOfAddress(from) : providerById(id);
  if (provider) return provider;
  if (id !== undefined)
    throw optionInvalid('--provider', texts.text('reason.provider', { ids: PROVIDERS.map((one) => one.id).join(', ') }));
  throw optionInvalid('--from', texts.text('reason.provider-unknown', { domain: from.slice(from.lastIndexOf('@') + 1) }));
};

/** Where the provider has only one way, the other is refused here, in the reader's language. */
const wayOf = (options: SourceOptions, texts: Texts): 'imap' | 'pop3' | undefined => {
  const { way } = options;
  if (way !== undefined && findProvider(options, texts)[way] === null) throw optionInvalid('--way', texts.text('reason.provider-way'));
  return way;
};

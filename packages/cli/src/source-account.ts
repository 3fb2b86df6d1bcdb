import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { MailferryError } from '@mailferry/core/errors';
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
/** Without a colon: there may be a password behind one. */
const ADDRESS = /^[^\s@:/\\]+@[^\s@:/\\]+$/;
/** Text that can't be meant as anything else, and has no place for a password. */
const PATH = /^[^@:]*[/\\][^@:]*$/;

/**
 * Understands `--from`: a server's URL, mail in files with or without its kind, or an address whose provider is known.
 * An address is never taken for a file of the same name: an archive of an earlier run may be called so.
 * Throws `option-invalid`, `source-missing`, and what looking at files throws.
 */
export const readFrom = async (options: SourceOptions, { texts, signal }: CommandContext): Promise<FromOption> => {
  const { from } = options;
  const isAddress = ADDRESS.test(from);
  const provider = isAddress ? findProvider(options, texts) : null;
  if (provider) return { kind: 'account', account: accountAt(provider, options, texts) };
  for (const name of ['provider', 'way'] as const)
    if (!isAddress && options[name] !== undefined) throw optionInvalid(`--${name}`, texts.text('reason.address-only'));
  const [, kind, path = ''] = FILES.exec(from) ?? [];
  if (kind !== undefined) return { kind: 'files', url: `${kind.toLowerCase()}:${resolve(path)}` };
  if (URL_FORM.test(from)) return { kind: 'account', account: readSourceUrl(from, texts) };
  // Who gives a way means an account.
  if (existsSync(from) && options.way === undefined) return { kind: 'files', url: await guessSource(resolve(from), signal) };
  if (PATH.test(from)) throw new MailferryError('source-missing', { path: resolve(from) });
  if (!isAddress) throw optionInvalid('--from', texts.text('reason.source-url'));
  throw optionInvalid('--from', texts.text('reason.provider-unknown', { domain: from.slice(from.lastIndexOf('@') + 1) }));
};

/** Of `--provider`, else by the address; null where neither tells. */
const findProvider = ({ from, provider: id }: SourceOptions, texts: Texts): Provider | null => {
  if (id === undefined) return providerOfAddress(from);
  const provider = providerById(id);
  if (provider) return provider;
  throw optionInvalid('--provider', texts.text('reason.provider', { ids: PROVIDERS.map((one) => one.id).join(', ') }));
};

const accountAt = (provider: Provider, options: SourceOptions, texts: Texts): AccountUrl => {
  const { from, way } = options;
  if (way !== undefined && provider[way] === null) throw optionInvalid('--way', texts.text('reason.provider-way'));
  const { url, needsInsecure } = sourceUrlFor(provider, from, way);
  if (needsInsecure && !options['allow-insecure']) throw optionInvalid('--allow-insecure', texts.text('reason.provider-plain'));
  return readSourceUrl(url, texts);
};

/** Only POP3 mail is ever deleted where it came from (SPEC P11). Throws `option-invalid`. */
export const checkCanDelete = (from: FromOption, texts: Texts): void => {
  if (from.kind === 'account' && /^pop3s?:/i.test(from.account.url)) return;
  throw optionInvalid('--delete-after-pull', texts.text('reason.delete-pop3-only'));
};

import { isRecipient, openSigner, readIdentities, readRecipients, type Signer } from '@mailferry/core/archive';
import { optionInvalid } from './option-invalid.ts';
import type { Texts } from './texts.ts';

/** The key of `--sign-key`. Throws `key-unreadable`. */
export const readSigner = async (options: { readonly 'sign-key'?: string | undefined }): Promise<Signer | undefined> =>
  options['sign-key'] === undefined ? undefined : openSigner(options['sign-key']);

/** The age recipients of `--encrypt-to` and `--recipients-file`; undefined for neither. Throws `option-invalid`, `key-unreadable`. */
export const readEncryption = async (
  options: { readonly 'encrypt-to': readonly string[]; readonly 'recipients-file'?: string | undefined },
  texts: Texts,
): Promise<readonly string[] | undefined> => {
  const file = options['recipients-file'];
  const recipients = [...options['encrypt-to'], ...(file === undefined ? [] : await readRecipients(file))];
  const areRecipients = await Promise.all(recipients.map(isRecipient));
  if (areRecipients.includes(false)) throw optionInvalid('--encrypt-to', texts.text('reason.recipient'));
  return recipients.length === 0 ? undefined : [...new Set(recipients)].toSorted();
};

/** The age identities of `--identity`; none without it. Throws `key-unreadable`. */
export const readIdentity = async (options: { readonly identity?: string | undefined }): Promise<readonly string[]> =>
  options.identity === undefined ? [] : readIdentities(options.identity);

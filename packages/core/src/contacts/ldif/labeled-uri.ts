import type { ContactDraft, ContactUrl, Messenger } from '../contact.ts';

/** What a URI is for that is no page of the contact. */
const PHOTO = 'photo';
const MESSENGER = 'messenger';
/** A messenger of no known kind (RFC 3860). */
const ANY_PROTOCOL = 'im';
const MESSENGER_URI = /^([a-z][a-z0-9+.-]*):(\S+)\s+messenger(?:\s+(.*))?$/s;
const ONE_WORD = /^\S+$/;

const decoded = (text: string): string | null => {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
};

/** Takes a URI and its label (RFC 2079): a page, the picture, or a messenger. */
export const takeLabeledUri = (contact: ContactDraft, value: string): boolean => {
  const [, protocol = '', encoded = '', messengerLabel = ''] = MESSENGER_URI.exec(value) ?? [];
  const handle = decoded(encoded);
  const blank = value.search(/\s/);
  const url = blank < 0 ? value : value.slice(0, blank);
  const label = blank < 0 ? '' : value.slice(blank).trim();
  if (protocol !== '' && handle !== null) {
    contact.messengers.push({ label: messengerLabel, isPrimary: false, protocol: protocol === ANY_PROTOCOL ? '' : protocol, handle });
  } else if (label === PHOTO && contact.photo === '') contact.photo = url;
  else contact.urls.push({ label, isPrimary: false, url });
  return true;
};

/** The value for a page; null where its URL has blanks, which would end it. */
export const pageUri = ({ url, label }: ContactUrl): string | null => (ONE_WORD.test(url) ? `${url} ${label}`.trim() : null);

/** The value for a picture that is elsewhere; null for any other one. */
export const photoUri = (photo: string): string | null => (/^https?:\/\/\S+$/.test(photo) ? `${photo} ${PHOTO}` : null);

/** The value for a messenger; null where its kind is no scheme of a URI. */
export const messengerUri = ({ protocol, handle, label }: Messenger): string | null => {
  const scheme = protocol === '' ? ANY_PROTOCOL : protocol;
  if (!/^[a-z][a-z0-9+.-]*$/.test(scheme)) return null;
  return `${scheme}:${encodeURIComponent(handle.toWellFormed())} ${MESSENGER} ${label}`.trimEnd();
};

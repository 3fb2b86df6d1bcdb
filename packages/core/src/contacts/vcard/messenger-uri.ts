/** RFC 3860: instant messages of a service that is not told. */
const ANY_SERVICE = 'im';
const SCHEME = /^[a-z][a-z0-9+.-]*(?=:)/i;

/** A handle behind its scheme; as it stands where it isn't percent-encoded. */
const readHandle = (written: string): string => {
  try {
    return decodeURIComponent(written);
  } catch {
    return written;
  }
};

const writeHandle = (handle: string): string =>
  encodeURIComponent(handle.toWellFormed()).replace(/%40/g, '@').replace(/%3A/g, ':').replace(/%2F/g, '/').replace(/%2B/g, '+');

export interface MessengerAddress {
  readonly protocol: string;
  readonly handle: string;
}

/** The value of an IMPP, with the service that Apple names beside it. */
export const readMessengerUri = (uri: string, service: string): MessengerAddress => {
  const scheme = SCHEME.exec(uri)?.[0] ?? '';
  const handle = scheme === '' ? uri : readHandle(uri.slice(scheme.length + 1));
  if (service !== '') return { protocol: service.toLowerCase(), handle };
  return { protocol: scheme.toLowerCase() === ANY_SERVICE ? '' : scheme.toLowerCase(), handle };
};

/** `service` is empty where the scheme tells it. */
export const writeMessengerUri = ({ protocol, handle }: MessengerAddress): { readonly uri: string; readonly service: string } => {
  const isScheme = protocol !== ANY_SERVICE && SCHEME.exec(`${protocol}:`)?.[0] === protocol;
  const isOwn = protocol === '' || !isScheme;
  return { uri: `${isOwn ? ANY_SERVICE : protocol}:${writeHandle(handle)}`, service: isScheme ? '' : protocol.replace(/\r\n?/g, '\n') };
};

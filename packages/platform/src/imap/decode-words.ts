const WORD = /=\?([!-~]{1,60}?)\?([BbQq])\?([ -~]*?)\?=/g;

const bytesOf = (encoding: string, text: string): Buffer => {
  if (encoding.toUpperCase() === 'B') return Buffer.from(text, 'base64');
  const raw = text.replaceAll('_', ' ').replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(raw, 'latin1');
};

const decode = (charset: string, bytes: Buffer): string | null => {
  try {
    return new TextDecoder(charset.replace(/\*.*$/, '')).decode(bytes);
  } catch {
    return null;
  }
};

/** A header value with its RFC 2047 words decoded, to be searched; a word in a charset that Node lacks stays as it is. */
export const decodeWords = (value: Buffer): string =>
  value
    .toString('utf8')
    .replace(/\?=[ \t]+=\?/g, '?==?')
    .replace(WORD, (word, charset: string, encoding: string, text: string) => decode(charset, bytesOf(encoding, text)) ?? word);

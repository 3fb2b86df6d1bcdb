import { isUtf8 } from 'node:buffer';

const BINARY = /^data:application\/octet-stream;base64,/;
const PICTURE = /^data:image\/[\w.+-]+;base64,/;

/** The value of an attribute behind bytes: their text where they are UTF-8 (RFC 2849), else themselves. */
const valueOfBytes = (bytes: Buffer): string | Buffer => (isUtf8(bytes) ? bytes.toString('utf8') : bytes);

/** A value as a text of its own; bytes as a `data:` URI. */
export const textOfValue = (value: string | Buffer): string =>
  typeof value === 'string' ? value : `data:application/octet-stream;base64,${value.toString('base64')}`;

/** Turns `textOfValue` round. Half a surrogate pair, which no file can hold, becomes U+FFFD. */
export const valueOfText = (text: string): string | Buffer => {
  const binary = BINARY.exec(text);
  const value = binary === null ? text : valueOfBytes(Buffer.from(text.slice(binary[0].length), 'base64'));
  return typeof value === 'string' ? text.toWellFormed() : value;
};

const SIGNATURES: readonly (readonly [mediaType: string, signature: RegExp])[] = [
  ['image/png', /^\x89PNG/],
  ['image/gif', /^GIF8/],
  ['image/webp', /^RIFF.{4}WEBP/s],
];

/** A picture as a `data:` URI. One of an unknown kind is said to be JPEG, as its attribute says. */
export const pictureUri = (value: string | Buffer): string => {
  const bytes = typeof value === 'string' ? Buffer.from(value, 'utf8') : value;
  const head = bytes.toString('latin1', 0, 16);
  const mediaType = SIGNATURES.find(([, signature]) => signature.test(head))?.[0] ?? 'image/jpeg';
  return `data:${mediaType};base64,${bytes.toString('base64')}`;
};

/** The picture behind a `data:` URI; null if it is none. */
export const valueOfPicture = (uri: string): string | Buffer | null => {
  const picture = PICTURE.exec(uri);
  return picture === null ? null : valueOfBytes(Buffer.from(uri.slice(picture[0].length), 'base64'));
};

/** The lines of a postal address (RFC 4517 §3.3.28) as a text. */
export const addressText = (value: string): string => value.replaceAll('$', '\n').replaceAll('\\24', '$$').replace(/\\5c/gi, '\\');

/** Turns `addressText` round. */
export const addressValue = (text: string): string => text.replaceAll('\\', '\\5C').replaceAll('$', '\\24').replaceAll('\n', '$');

/** What stands before each padding is decoded by itself: pieces that were encoded one by one are often put together. */
const decodeBase64 = (text: string): Buffer => Buffer.concat(text.split(/=+/).map((group) => Buffer.from(group, 'base64')));

const decodeQuotedPrintable = (text: string): Buffer =>
  Buffer.from(
    text.replace(/=[ \t]{0,100}\r?\n/g, '').replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );

/** The bytes behind a transfer encoding (RFC 2045 §6), as far as they can be told; those of an unknown one as they are. */
export const decodeTransfer = (bytes: Buffer, encoding: string): Buffer => {
  if (encoding === 'base64') return decodeBase64(bytes.toString('latin1'));
  if (encoding === 'quoted-printable') return decodeQuotedPrintable(bytes.toString('latin1'));
  return bytes;
};

/** Undoes a Content-Transfer-Encoding piece by piece. Never throws: what is not in the encoding is left out, or stays as it is. */
export interface TransferDecoding {
  write(bytes: Buffer): Buffer;
  end(): Buffer;
}

const EMPTY = Buffer.alloc(0);
/** Of an encoded line that has not ended; a longer one is not held back. */
const MAX_HELD = 1024;

/** RFC 2045 §6.8. */
class Base64 implements TransferDecoding {
  #rest = '';

  write(bytes: Buffer): Buffer {
    const digits = this.#rest + bytes.toString('latin1').replace(/[^A-Za-z0-9+/]+/g, '');
    const whole = digits.length - (digits.length % 4);
    this.#rest = digits.slice(whole);
    return Buffer.from(digits.slice(0, whole), 'base64');
  }

  end(): Buffer {
    return Buffer.from(this.#rest, 'base64');
  }
}

const unquote = (text: string): Buffer => {
  // The lookbehind keeps a long row of blanks from being tried from each of them.
  const lines = text.replace(/(?<![ \t])[ \t]+(?=\r?\n)/g, '').replace(/=\r?\n/g, '');
  const raw = lines.replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(raw, 'latin1');
};

/** RFC 2045 §6.7. */
class QuotedPrintable implements TransferDecoding {
  #rest = '';

  write(bytes: Buffer): Buffer {
    const text = this.#rest + bytes.toString('latin1');
    const lineEnd = text.lastIndexOf('\n') + 1;
    const whole = text.length - lineEnd > MAX_HELD ? text.length - 2 : lineEnd;
    this.#rest = text.slice(whole);
    return unquote(text.slice(0, whole));
  }

  end(): Buffer {
    return unquote(this.#rest);
  }
}

const IDENTITY: TransferDecoding = { write: (bytes) => bytes, end: () => EMPTY };

/** By the value of Content-Transfer-Encoding; an unknown one is taken as none. */
export const openTransferEncoding = (encoding: string): TransferDecoding => {
  const name = encoding.replace(/[\s;(].*$/s, '').toLowerCase();
  if (name === 'base64') return new Base64();
  return name === 'quoted-printable' ? new QuotedPrintable() : IDENTITY;
};

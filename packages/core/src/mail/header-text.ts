import { decodeAs, decodeUnlabelled } from './charset.ts';

/** RFC 2047 §2. Raw question marks and blanks inside are forbidden, and common. */
const ENCODED_WORD = /=\?([^?\s*]{1,40})(?:\*[^?\s]*)?\?([bq])\?(.*?)\?=/gi;
const NEEDS_DECODING = /[^\t\x20-\x7e]|=\?/;

/** Consecutive words in one charset: a character may be cut in two by them. */
interface WordRun {
  readonly charset: string;
  readonly bytes: Buffer[];
}

const decodeQ = (text: string): Buffer =>
  Buffer.from(
    text.replaceAll('_', ' ').replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );

/**
 * The text of an unstructured header field, for display (SPEC K4): encoded words decoded (RFC 2047), blanks between them dropped,
 * raw bytes by what they look like. `value` is unfolded, with a character for each byte; `hint` gives the charset of the
 * message's body, and is asked only where bytes leave it open. Never throws.
 */
export const decodeHeaderText = (value: string, hint: () => string | null): string => {
  if (!NEEDS_DECODING.test(value)) return value;
  const raw = (text: string): string => decodeUnlabelled(Buffer.from(text, 'latin1'), hint);
  const decodeRun = ({ charset, bytes }: WordRun): string => {
    const joined = Buffer.concat(bytes);
    return decodeAs(joined, charset) ?? decodeUnlabelled(joined, hint);
  };
  let text = '';
  let run: WordRun | null = null;
  let end = 0;
  for (const word of value.matchAll(ENCODED_WORD)) {
    const [whole, charset = '', encoding = '', content = ''] = word;
    const between = value.slice(end, word.index);
    const bytes = encoding.toLowerCase() === 'b' ? Buffer.from(content, 'base64') : decodeQ(content);
    const isAdjacent = run !== null && between.trim() === '';
    if (run && isAdjacent && run.charset === charset.toLowerCase()) run.bytes.push(bytes);
    else {
      if (run) text += decodeRun(run);
      if (!isAdjacent) text += raw(between);
      run = { charset: charset.toLowerCase(), bytes: [bytes] };
    }
    end = word.index + whole.length;
  }
  return text + (run ? decodeRun(run) : '') + raw(value.slice(end));
};

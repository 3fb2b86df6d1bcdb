import { decodeAs, decodeUnlabelled } from './charset.ts';

/** RFC 2047 §2. Raw question marks and blanks inside are forbidden, and common. */
const ENCODED_WORD = /=\?([^?\s*]{1,40})(?:\*[^?\s]*)?\?([bq])\?(.*?)\?=/gi;
const NEEDS_DECODING = /[^\t\x20-\x7e]|=\?/;

/** Consecutive words in one charset: a character may be cut in two by them. */
interface WordRun {
  readonly charset: string;
  readonly pieces: WordPiece[];
}

/** Consecutive words in one encoding too: they may also cut a base64 group in two. */
interface WordPiece {
  readonly encoding: 'b' | 'q';
  content: string;
}

const decodeQ = (text: string): Buffer =>
  Buffer.from(
    text.replaceAll('_', ' ').replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );

/** What stands before each padding is decoded by itself. */
const decodeB = (text: string): Buffer => Buffer.concat(text.split(/=+/).map((group) => Buffer.from(group, 'base64')));

const addWord = (pieces: WordPiece[], encoding: 'b' | 'q', content: string): void => {
  const last = pieces.at(-1);
  if (last?.encoding === encoding) last.content += content;
  else pieces.push({ encoding, content });
};

/**
 * The text of an unstructured header field, for display (SPEC K4): encoded words decoded (RFC 2047), blanks between them dropped,
 * raw bytes by what they look like. `value` is unfolded, with a character for each byte; `hint` gives the charset of the
 * message's body, and is asked only where bytes leave it open. Never throws.
 */
export const decodeHeaderText = (value: string, hint: () => string | null): string => {
  if (!NEEDS_DECODING.test(value)) return value;
  const raw = (text: string): string => decodeUnlabelled(Buffer.from(text, 'latin1'), hint);
  const decodeRun = ({ charset, pieces }: WordRun): string => {
    const joined = Buffer.concat(pieces.map(({ encoding, content }) => (encoding === 'b' ? decodeB(content) : decodeQ(content))));
    return decodeAs(joined, charset) ?? decodeUnlabelled(joined, hint);
  };
  let text = '';
  let run: WordRun | null = null;
  let end = 0;
  for (const word of value.matchAll(ENCODED_WORD)) {
    const [whole, charset = '', encoding = '', content = ''] = word;
    const between = value.slice(end, word.index);
    const isAdjacent = run !== null && between.trim() === '';
    if (!run || !isAdjacent || run.charset !== charset.toLowerCase()) {
      if (run) text += decodeRun(run);
      if (!isAdjacent) text += raw(between);
      run = { charset: charset.toLowerCase(), pieces: [] };
    }
    addWord(run.pieces, encoding.toLowerCase() === 'b' ? 'b' : 'q', content);
    end = word.index + whole.length;
  }
  return text + (run ? decodeRun(run) : '') + raw(value.slice(end));
};

/** A text that was made ready for being searched. */
interface SearchText {
  /** In NFC, each run of blanks one blank. */
  readonly shown: string;
  /** The same as it is compared: case doesn't matter. */
  readonly compared: string;
}

const BEFORE_UNITS = 30;
const LINE_UNITS = 120;

const toSearchText = (text: string): SearchText => {
  const shown = text.normalize('NFC').replace(/\s+/g, ' ').trim();
  const compared = shown.toLowerCase();
  // Lower case may be longer, and places in the one text would then be none in the other.
  return { shown: compared.length === shown.length ? shown : compared, compared };
};

/** A word or phrase in the form that is looked for. Empty for one of nothing but blanks. */
const comparedForm = (phrase: string): string => toSearchText(phrase).compared;

/** The surroundings of what was found, cut between words where there are any near. */
const lineAround = ({ shown }: SearchText, at: number): string => {
  const start = Math.max(0, at - BEFORE_UNITS);
  const from = start === 0 ? 0 : Math.min(at, shown.indexOf(' ', start) + 1 || start);
  const end = from + LINE_UNITS;
  const line = shown.slice(from, end).toWellFormed();
  return `${from > 0 ? '…' : ''}${line}${end < shown.length ? '…' : ''}`;
};

/** Whether `text` holds `phrase`: NFC or NFD, in any case, blanks and line ends alike. A phrase of blanks is in every text. */
export const holdsPhrase = (text: string, phrase: string): boolean => toSearchText(text).compared.includes(comparedForm(phrase));

/**
 * Looks for all phrases in texts, each of which may stand in another of them. Null when one is missing; else the line around the
 * first that is found in the last of the texts, or '' when none is in it.
 */
export const findPhrases = (texts: readonly string[], phrases: readonly string[]): string | null => {
  const read = texts.map(toSearchText);
  const wanted = phrases.map(comparedForm);
  if (!wanted.every((phrase) => read.some(({ compared }) => compared.includes(phrase)))) return null;
  const last = read.at(-1);
  const places = wanted.map((phrase) => (phrase === '' ? -1 : (last?.compared.indexOf(phrase) ?? -1))).filter((at) => at >= 0);
  return last && places.length > 0 ? lineAround(last, Math.min(...places)) : '';
};

/** Labels as Google Contacts writes them, by the shared word. */
const LABELS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'mobile': 'Mobile',
    'work': 'Work',
    'home': 'Home',
    'other': 'Other',
    'main': 'Main',
    'company-main': 'Company Main',
    'work-fax': 'Work Fax',
    'home-fax': 'Home Fax',
    'other-fax': 'Other Fax',
    'pager': 'Pager',
    'car': 'Car',
    'callback': 'Callback',
    'assistant': 'Assistant',
    'isdn': 'ISDN',
    'radio': 'Radio',
    'telex': 'Telex',
    'tty': 'TTY/TDD',
    'extension': 'Extension',
    'anniversary': 'Anniversary',
    'spouse': 'Spouse',
    'child': 'Child',
    'manager': 'Manager',
    'referred-by': 'Referred By',
  }),
);

/** Other spellings, among them those of Google in Korean. */
const SPELLINGS: Readonly<Record<string, string>> = {
  '휴대전화': 'mobile',
  '휴대폰': 'mobile',
  '직장': 'work',
  '집': 'home',
  '기타': 'other',
  '기본': 'main',
  '회사 팩스': 'work-fax',
  '집 팩스': 'home-fax',
  '호출기': 'pager',
};

const WORDS: ReadonlyMap<string, string> = new Map([
  ...Array.from(LABELS, ([word, label]) => [label.toLowerCase(), word] as const),
  ...Object.entries(SPELLINGS),
]);

/** What marks the primary one of several values. */
const PRIMARY = '*';

/** A label cell: the shared word where there is one, and whether the value is the primary one. */
export const readLabel = (cell: string): { readonly label: string; readonly isPrimary: boolean } => {
  const isPrimary = cell === PRIMARY || cell.startsWith(`${PRIMARY} `);
  const text = isPrimary ? cell.slice(2) : cell;
  return { label: WORDS.get(text.toLowerCase()) ?? text, isPrimary };
};

export const printLabel = (label: string, isPrimary: boolean): string => {
  const text = LABELS.get(label) ?? label;
  if (isPrimary) return `${PRIMARY} ${text}`;
  // What only looks like a mark gets a blank in front, and is none then.
  return text === PRIMARY || text.startsWith(`${PRIMARY} `) ? ` ${text}` : text;
};

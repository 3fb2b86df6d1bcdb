import type { SpecialUse } from '../mail/mailbox.ts';

const en = {
  title: 'Backup',
  skip: 'Skip to content',
  mailboxes: 'Mailboxes',
  mailbox: 'Mailbox',
  use: 'Use',
  messages: 'Messages',
  size: 'Size',
  first: 'First',
  last: 'Last',
  total: 'Total',
  parts: 'Parts',
  part: 'Part',
  about:
    'A list of what is in the backup, to look through in a browser. The mail itself, with its attachments, is in the parts. Times are those of {zone}.',
  offline: 'These pages load nothing and send nothing.',
  vanished: 'no longer at the source',
  empty: 'This mailbox is empty.',
  filter: 'Filter this page',
  shown: '{shown} of {total} shown',
  page: 'Page {page} of {pages}',
  pages: 'Pages',
  newer: 'Newer',
  older: 'Older',
  from: 'From',
  to: 'To',
  cc: 'Cc',
  date: 'Date',
  attachments: 'Attachments',
  unnamed: '(no name)',
  flags: 'Flags',
  file: 'File',
  noSubject: '(no subject)',
  noDate: 'no date',
  noText: 'There is no text in this message.',
  cut: '… shortened. The whole message: mailferry cat <archive> {id}',
  inPart: 'This message was not looked at as a whole: it is very big, or has very many parts.',
  unread: 'This message can not be read from the archive [{code}]. mailferry verify tells what is damaged.',
};

type Words = Readonly<typeof en>;

const ko: Words = {
  title: '백업',
  skip: '본문으로 건너뛰기',
  mailboxes: '메일함',
  mailbox: '메일함',
  use: '용도',
  messages: '메일',
  size: '크기',
  first: '첫 메일',
  last: '마지막 메일',
  total: '합계',
  parts: '분할 파일',
  part: '분할 파일',
  about: '백업에 들어 있는 메일의 목록입니다. 메일 원본과 첨부파일은 분할 파일에 있습니다. 시간대는 {zone}입니다.',
  offline: '이 페이지는 아무것도 불러오거나 내보내지 않습니다.',
  vanished: '원본에서 사라짐',
  empty: '빈 메일함입니다.',
  filter: '이 페이지에서 찾기',
  shown: '{total}통 중 {shown}통 표시',
  page: '{page}/{pages}쪽',
  pages: '쪽',
  newer: '최근 메일',
  older: '이전 메일',
  from: '보낸 사람',
  to: '받는 사람',
  cc: '참조',
  date: '날짜',
  attachments: '첨부파일',
  unnamed: '(이름 없음)',
  flags: '표시',
  file: '파일',
  noSubject: '(제목 없음)',
  noDate: '날짜 없음',
  noText: '이 메일에는 본문 텍스트가 없습니다.',
  cut: '… 이하 생략. 전체 메일: mailferry cat <archive> {id}',
  inPart: '매우 크거나 구성이 복잡하여 일부만 읽은 메일입니다.',
  unread: '아카이브에서 이 메일을 읽을 수 없습니다 [{code}]. mailferry verify로 손상된 곳을 확인해 주십시오.',
};

const USES: Readonly<Record<IndexLanguage, Readonly<Record<SpecialUse, string>>>> = {
  en: {
    '\\All': 'All mail',
    '\\Archive': 'Archive',
    '\\Drafts': 'Drafts',
    '\\Flagged': 'Flagged',
    '\\Important': 'Important',
    '\\Inbox': 'Inbox',
    '\\Junk': 'Junk',
    '\\Sent': 'Sent',
    '\\Trash': 'Trash',
  },
  ko: {
    '\\All': '전체메일함',
    '\\Archive': '보관함',
    '\\Drafts': '임시보관함',
    '\\Flagged': '별표',
    '\\Important': '중요',
    '\\Inbox': '받은메일함',
    '\\Junk': '스팸메일함',
    '\\Sent': '보낸메일함',
    '\\Trash': '휴지통',
  },
};

export type IndexLanguage = 'en' | 'ko';

/** How the pages say things. */
export interface Speech {
  readonly language: IndexLanguage;
  readonly words: Words;
  number(value: number): string;
  /** Decimal units: `1.5 MB`. */
  size(bytes: number): string;
  /** To the minute. */
  time(date: Date): string;
  day(date: Date): string;
  readonly timeZone: string;
  use(specialUse: string): string;
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

const sizeText = (bytes: number, language: IndexLanguage): string => {
  const exponent = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const value = new Intl.NumberFormat(language, { maximumSignificantDigits: 3 }).format(bytes / 1000 ** exponent);
  return `${value}\u00a0${UNITS[exponent]}`;
};

/** `timeZone` is an IANA name. */
export const speechOf = (language: IndexLanguage, timeZone: string): Speech => {
  // Swedish writes dates as ISO 8601 does.
  const times = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short', timeZone });
  const days = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeZone });
  const numbers = new Intl.NumberFormat(language);
  const uses: Readonly<Record<string, string>> = USES[language];
  return {
    language,
    words: language === 'ko' ? ko : en,
    number: (value) => numbers.format(value),
    size: (bytes) => sizeText(bytes, language),
    time: (date) => times.format(date),
    day: (date) => days.format(date),
    timeZone,
    use: (specialUse) => uses[specialUse] ?? specialUse,
  };
};

import { type Mailbox, mailboxLevels, type SpecialUse } from './mailbox.ts';

/** Names that say what a mailbox is for, where the server doesn't (SPEC K6). Without spaces, in lower case, NFC. */
const NAMES: Readonly<Partial<Record<SpecialUse, readonly string[]>>> = {
  '\\Sent': [
    ...['보낸메일함', '보낸편지함', '보낸메일', '발신함', '발신메시지'],
    ...['sent', 'sentitems', 'sentmail', 'sentmessages', 'gesendet', 'gesendeteobjekte', 'gesendeteelemente', 'élémentsenvoyés'],
    ...[
      'envoyés',
      'messagesenvoyés',
      'enviados',
      'elementosenviados',
      'postainviata',
      'inviati',
      '送信済み',
      '送信済みトレイ',
      '已发送',
      '寄件備份',
    ],
  ],
  '\\Drafts': [
    ...['임시보관함', '임시저장함', '임시메일함', '임시저장'],
    ...['draft', 'drafts', 'entwürfe', 'brouillons', 'borradores', 'bozze', 'rascunhos', '下書き', '草稿', '草稿箱'],
  ],
  '\\Trash': [
    ...['휴지통', '지운메일함', '지운편지함', '삭제한편지함', '삭제된메일'],
    ...['trash', 'bin', 'deleted', 'deleteditems', 'deletedmessages', 'papierkorb', 'gelöschteobjekte', 'gelöschteelemente', 'corbeille'],
    ...['papelera', 'cestino', 'lixeira', 'ごみ箱', '已删除', '垃圾桶'],
  ],
  '\\Junk': [
    ...['스팸메일함', '스팸편지함', '스팸함', '스팸', '정크메일', '스팸신고함'],
    ...[
      'junk',
      'junkmail',
      'junke-mail',
      'junkemail',
      'spam',
      'bulkmail',
      'unerwünscht',
      'courrierindésirable',
      '迷惑メール',
      '垃圾邮件',
      '垃圾郵件',
    ],
  ],
  '\\Archive': ['보관함', '보관메일', '보관메일함', 'archive', 'archives', 'archiv', 'アーカイブ', '归档'],
  '\\Flagged': ['별표편지함', '중요메일함', '중요'],
  '\\All': ['전체메일함', '전체메일', '전체보관함'],
};

/** Lists of what other mailboxes hold, known by nothing but their names. */
const VIEW_NAMES: ReadonlySet<string> = new Set([...(NAMES['\\Flagged'] ?? []), ...(NAMES['\\All'] ?? []), '수신확인']);

const USE_OF_NAME: ReadonlyMap<string, SpecialUse> = new Map(
  Object.entries(NAMES).flatMap(([use, names]) => names.map((name) => [name, use as SpecialUse] as const)),
);

type Named = Pick<Mailbox, 'path' | 'delimiter'>;

/** The name to compare, of a mailbox at the top or right below the inbox; null of any other, which is its owner's. */
const topName = (mailbox: Named): string | null => {
  const levels = mailboxLevels(mailbox);
  const [first = '', second] = levels;
  const name = levels.length === 1 ? first : levels.length === 2 && first.toUpperCase() === 'INBOX' ? second : undefined;
  return name?.normalize('NFC').replace(/\s+/g, '').toLowerCase() ?? null;
};

/**
 * Fills in what mailboxes are for by their names, where the source says nothing (SPEC K6). What the source says wins: a use
 * that it gives to one mailbox is not given to another by name, and none is given twice.
 */
export const withSpecialUses = <Found extends Mailbox>(mailboxes: readonly Found[]): Found[] => {
  const taken = new Set(mailboxes.map(({ specialUse }) => specialUse));
  return mailboxes.map((mailbox) => {
    const use = USE_OF_NAME.get(topName(mailbox) ?? '');
    if (mailbox.specialUse !== null || !mailbox.selectable || use === undefined || taken.has(use)) return mailbox;
    taken.add(use);
    return { ...mailbox, specialUse: use };
  });
};

/**
 * How a mailbox relates to the others (SPEC K6). `view`: the source itself says that it shows what others hold.
 * `likely-view`: Gmail's All Mail, and what only a name makes a view: it goes last, and what no other mailbox held is taken from it.
 */
export const standingOf = (mailbox: Pick<Mailbox, 'path' | 'delimiter' | 'specialUse'>): 'mailbox' | 'view' | 'likely-view' => {
  if (mailbox.specialUse === '\\All' || VIEW_NAMES.has(topName(mailbox) ?? '')) return 'likely-view';
  return mailbox.specialUse === '\\Flagged' || mailbox.specialUse === '\\Important' ? 'view' : 'mailbox';
};

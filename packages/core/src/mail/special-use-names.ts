import type { SpecialUse } from './mailbox.ts';

/** A name as it is compared (SPEC K5, K6): NFC, without spaces, in lower case. */
export const comparableName = (name: string): string => name.normalize('NFC').replace(/\s+/g, '').toLowerCase();

/**
 * What mailboxes are called for what they are for, as `comparableName` gives it, a space between two. Only names that providers
 * and mail programs give on their own; Korean ones first, then English, Japanese, Chinese, and European languages.
 */
const NAMES = {
  '\\Inbox': ['받은메일함 받은편지함 수신함', 'inbox', '受信トレイ 受信箱', '收件箱 收件匣', 'posteingang boîtederéception'],
  '\\Sent': [
    '보낸메일함 보낸편지함 보낸메일 보냄 발신함 발신메시지',
    'sent sentitems sentmail sentmessages sentfolder',
    '送信済み 送信済みアイテム 送信済みトレイ 送信済みメール',
    '已发送 已发送邮件 已发送消息 已发信息 寄件備份 寄件匣',
    'gesendet gesendete gesendeteelemente gesendeteobjekte gesendetenachrichten',
    'envoyés élémentsenvoyés messagesenvoyés enviados enviadas elementosenviados mensajesenviados itensenviados',
    'inviata inviati postainviata elementiinviati verzonden verzondenitems отправленные',
  ],
  '\\Drafts': [
    '임시보관함 임시저장함 임시메일함 임시저장 초안',
    'draft drafts',
    '下書き',
    '草稿 草稿箱 草稿匣',
    'entwürfe entwurf brouillons borradores borrador rascunhos bozze concepten черновики',
  ],
  '\\Trash': [
    '휴지통 지운메일함 지운편지함 삭제한편지함 삭제된메일',
    'trash bin deleted deleteditems deletedmessages',
    'ごみ箱 ゴミ箱 削除済みアイテム',
    '已删除 已删除邮件 已刪除項目 垃圾桶 回收站',
    'papierkorb gelöscht gelöschteelemente gelöschteobjekte corbeille élémentssupprimés',
    'papelera elementoseliminados lixeira itensexcluídos cestino postaeliminata prullenbak verwijderdeitems корзина удаленные',
  ],
  '\\Junk': [
    '스팸메일함 스팸편지함 스팸함 스팸 정크메일 정크 스팸신고함',
    'junk junkmail junke-mail junkemail spam bulkmail',
    '迷惑メール',
    '垃圾邮件 垃圾郵件 垃圾電郵 垃圾信件',
    'unerwünscht indésirables courrierindésirable pourriel correonodeseado lixoeletrônico postaindesiderata ongewenstee-mail спам',
  ],
  '\\Archive': [
    '보관함 보관메일 보관메일함 보관편지함',
    'archive archives',
    'アーカイブ',
    '归档 存档 封存',
    'archiv archivo archivio arquivo archief архив',
  ],
  '\\Flagged': ['별표편지함 중요메일함 중요'],
  '\\All': ['전체메일함 전체메일 전체보관함'],
} as const satisfies Partial<Record<SpecialUse, readonly string[]>>;

const split = (lists: readonly string[]): string[] => lists.flatMap((list) => list.split(' '));

/** What a mailbox of this name is for. */
export const USE_OF_NAME: ReadonlyMap<string, SpecialUse> = new Map(
  Object.entries(NAMES).flatMap(([use, lists]) => split(lists).map((name) => [name, use as SpecialUse] as const)),
);

/** Lists of what other mailboxes hold, known by nothing but their names; 수신확인 is the one of receipts. */
export const VIEW_NAMES: ReadonlySet<string> = new Set(split([...NAMES['\\Flagged'], ...NAMES['\\All'], '수신확인']));

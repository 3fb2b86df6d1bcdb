import iconv from 'iconv-lite';
import type { SampleMessage } from './real-mail.ts';

const cp949 = (text: string): Buffer => iconv.encode(text, 'cp949');
const lines = (...parts: readonly (string | Buffer)[]): Buffer =>
  Buffer.concat(parts.flatMap((part) => [Buffer.from(part), Buffer.from('\r\n')]));
const word = (text: string, charset: string): string =>
  `=?${charset}?B?${(charset === 'UTF-8' ? Buffer.from(text) : cp949(text)).toString('base64')}?=`;

/** A body in CP949, declared by one of its many names. */
const cp949Body = (charset: string, subject: string, body: string): Buffer =>
  lines(
    `From: ${word('김철수', charset)} <chulsoo@example.co.kr>`,
    'To: yeonghui@example.co.kr',
    `Subject: ${word(subject, charset)}`,
    'Date: Tue, 05 Mar 2024 09:12:33 +0900',
    `Message-ID: <${charset}.${subject.length}@example.co.kr>`,
    'MIME-Version: 1.0',
    `Content-Type: text/plain; charset=${charset}`,
    'Content-Transfer-Encoding: 8bit',
    '',
    cp949(body),
  );

/** Headers in raw CP949, as older Korean mail programs sent them. */
const rawHeaders = (): Buffer =>
  lines(
    Buffer.concat([Buffer.from('From: '), cp949('박영희'), Buffer.from(' <yeonghui@example.co.kr>')]),
    Buffer.concat([Buffer.from('Subject: '), cp949('똠방각하 시청 안내 (펲시콜라)')]),
    'Date: Wed, 06 Mar 2024 18:40:00 +0900',
    'Content-Type: text/plain; charset=euc-kr',
    '',
    cp949('한글 머리글이 그대로 들어 있는 메일입니다.'),
  );

const plain = (subject: string, date: string | null, body = '내용입니다.'): Buffer =>
  lines(
    'From: =?UTF-8?B?7J207Iic7Iug?= <sunsin@example.co.kr>',
    ...(subject === '' ? [] : [`Subject: ${word(subject, 'UTF-8')}`]),
    ...(date === null ? [] : [`Date: ${date}`]),
    'Content-Type: text/plain; charset=utf-8',
    '',
    body,
  );

const attachment = (): Buffer =>
  lines(
    'From: sales@example.co.kr',
    `Subject: ${word('견적서 송부드립니다', 'UTF-8')}`,
    'Date: Thu, 07 Mar 2024 10:00:00 +0900',
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary="=_b"',
    '',
    '--=_b',
    'Content-Type: text/plain; charset=utf-8',
    '',
    '첨부파일을 확인해 주시기 바랍니다.',
    '--=_b',
    `Content-Type: application/octet-stream; name="${word('견적서_2024.hwp', 'UTF-8')}"`,
    'Content-Transfer-Encoding: base64',
    '',
    Buffer.alloc(30_000, '한글 문서 ').toString('base64').replace(/.{76}/g, '$&\r\n'),
    '--=_b--',
  );

const at = (iso: string): Date => new Date(iso);

/** Korean mail with what makes it hard to move: CP949 in bodies and raw headers, odd dates, flags, and mailbox names. */
export const koreanMail = (): readonly SampleMessage[] => [
  {
    mailbox: '받은 서류/계약서',
    bytes: cp949Body('ks_c_5601-1987', '계약서 검토 요청', '첨부 계약서를 검토해 주십시오.'),
    flags: ['\\Seen'],
    internalDate: at('2024-03-05T00:12:40Z'),
  },
  {
    mailbox: '받은 서류/계약서',
    bytes: cp949Body('euc-kr', '회신: 계약서 검토 요청', '검토하였습니다.'),
    flags: ['\\Seen', '\\Answered'],
    internalDate: at('2024-03-05T01:00:00Z'),
  },
  {
    mailbox: '받은 서류/세금계산서',
    bytes: cp949Body('cp949', '3월 세금계산서', '발행되었습니다.'),
    flags: ['$Important'],
    internalDate: at('2024-03-31T23:59:59Z'),
  },
  { mailbox: '받은 서류/세금계산서', bytes: attachment(), flags: [], internalDate: at('2024-03-07T01:00:05Z') },
  { mailbox: '가족 & 친구', bytes: rawHeaders(), flags: ['\\Flagged', '$NotJunk'], internalDate: at('2024-03-06T09:40:10Z') },
  { mailbox: '가족 & 친구', bytes: plain('', null), flags: [], internalDate: at('1999-12-31T23:59:59Z') },
  {
    mailbox: '보관/2038년',
    bytes: plain('먼 미래에서 온 메일', 'Tue, 19 Jan 2038 12:14:08 +0900'),
    flags: ['\\Seen'],
    internalDate: at('2038-01-19T03:14:08Z'),
  },
  {
    mailbox: '보관/2038년',
    bytes: plain('날짜가 없는 메일', 'not a date at all'),
    flags: ['\\Draft'],
    internalDate: at('2024-02-29T12:00:00Z'),
  },
  {
    mailbox: 'Drafts',
    bytes: plain('쓰다 만 메일: CON.txt <초안>', 'Fri, 08 Mar 2024 08:00:00 +0900'),
    flags: ['\\Draft', '\\Seen'],
    internalDate: at('2024-03-07T23:00:00Z'),
  },
  // The same bytes twice in one mailbox are two messages.
  {
    mailbox: '똑같은 메일',
    bytes: plain('같은 메일', 'Sat, 09 Mar 2024 08:00:00 +0900'),
    flags: [],
    internalDate: at('2024-03-08T23:00:00Z'),
  },
  {
    mailbox: '똑같은 메일',
    bytes: plain('같은 메일', 'Sat, 09 Mar 2024 08:00:00 +0900'),
    flags: [],
    internalDate: at('2024-03-08T23:00:00Z'),
  },
];

/** Mailboxes that hold nothing and still have to move (SPEC M2). */
export const EMPTY_MAILBOXES: readonly string[] = ['프로젝트/2024년 견적', '빈 메일함'];

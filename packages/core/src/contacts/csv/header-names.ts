/** SPEC C9: names for one and the same thing. */
const ALIASES: readonly (readonly [path: string, names: readonly string[]])[] = [
  ['name.full', ['이름', '성명', '표시명', '전체 이름', '고객명', 'Name', 'Full Name', 'Display Name']],
  [
    'email',
    [
      '이메일',
      '이메일주소',
      '이메일 주소',
      '전자 메일 주소',
      '메일',
      'E-mail',
      'Email',
      'E-mail Address',
      'Email Address',
      'Primary Email',
    ],
  ],
  ['phone.mobile', ['휴대폰', '핸드폰', '휴대전화', '모바일', 'Mobile', 'Mobile Phone', '휴대폰번호', '휴대폰 번호']],
  ['organization.title', ['직위', '직급', '직책', '직함', 'Job Title']],
  ['phone.work', ['전화', '전화번호', '전화 번호', '회사전화', '회사 전화', 'Phone', 'Business Phone', 'Work Phone']],
  ['phone.work-fax', ['팩스', '팩스번호', 'Fax', 'Business Fax']],
  ['phone.home', ['집전화', '집 전화', 'Home Phone']],
  ['phone.other', ['Other Phone', '기타 전화']],
  ['phone.home-fax', ['Home Fax', '집 팩스']],
  ['phone.other-fax', ['Other Fax', '기타 팩스']],
  ['phone.pager', ['Pager', '호출기']],
  ['phone.extension', ['내선번호', '내선 번호', '내선']],
  ['organization.name', ['회사', '회사명', 'Company', 'Organization']],
  ['organization.department', ['부서', '부서명', '소속', 'Department']],
  ['address.work', ['주소', '회사주소', '회사 주소', 'Address', 'Business Address', 'Work Address']],
  ['address.home', ['집주소', '집 주소', 'Home Address']],
  ['address.other', ['Other Address', '기타 주소']],
  ['email.2', ['E-mail 2 Address', '이메일2', '이메일 2', 'Secondary Email', '추가 메일', '보조 이메일']],
  ['email.3', ['E-mail 3 Address', '이메일3', '이메일 3']],
  ['date.birthday', ['생일', '생년월일', 'Birthday']],
  ['date.anniversary', ['기념일', '결혼 기념일', 'Anniversary']],
  ['url', ['웹 페이지', '홈페이지', 'Web Page', 'Website']],
  ['notes', ['메모', '비고', 'Notes', 'Memo']],
  ['groups', ['그룹', '그룹명', 'Group', 'Groups', 'Categories', 'Labels']],
  ['name.nickname', ['애칭', '별명', 'Nickname']],
];

/** A header as it is compared: without its blanks, in lower case, in NFC. */
export const normalizeHeader = (header: string): string =>
  header
    .normalize('NFC')
    .toLowerCase()
    .replace(/[\s\u00a0\u200b\ufeff]+/g, '');

const PATHS: ReadonlyMap<string, string> = new Map(
  ALIASES.flatMap(([path, names]) => names.map((name) => [normalizeHeader(name), path] as const)),
);

/** What a column is by its header alone, whatever the format; null where the header tells nothing. */
export const commonField = (header: string): string | null => PATHS.get(normalizeHeader(header)) ?? null;

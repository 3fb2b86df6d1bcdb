import type { NoticeCode } from '@mailferry/core/mail';

/** The texts of core's NOTICE_KINDS in Korean. */
export const koNotices: Readonly<Record<NoticeCode, string>> = {
  'inbox-only': 'POP3로는 받은메일함만 보입니다. {host}의 다른 메일함은 옮겨지지 않습니다',
  'suspicious-1000': '{mailbox}에 정확히 1,000통이 있습니다. 최근 1,000통만 보여 주는 서비스일 수 있으므로 빠진 메일이 있을 수 있습니다',
  'size-differs': '{mailbox}: {count}통의 크기가 원본이 알린 값과 다릅니다. 받은 그대로 보관했습니다',
  'identity-by-content': '{host} 서버는 메일에 고정된 식별자를 주지 않습니다. 내용으로 구별하므로 시간이 더 걸립니다',
  'identity-repeated': '{mailbox}: {count}통이 다른 메일과 같은 식별자를 씁니다. 내용으로 구별했습니다',
  'mailbox-emptied': '{mailbox}에 {before}통이 있었는데 지금은 비어 있습니다. 아카이브의 내용은 그대로입니다',
  'mailbox-gone': '{mailbox} 메일함이 원본에 더 이상 없습니다. 아카이브의 내용은 그대로입니다',
  'flags-left-out': '{mailbox}: {count}통의 일부 표시(플래그)를 제외했습니다. 200자 이하의 표시를 100개까지 보관합니다',
  'mailbox-remade': '{mailbox} 메일함이 원본에서 새로 만들어졌습니다. 아카이브에 있던 내용은 그대로입니다',
  'no-mail-skipped': '{path}: 메일이 아닌 파일 {count}개를 제외했습니다',
  'names-unsafe': '{path}: 항목 {count}개의 이름이 폴더 밖을 가리키거나 파일 이름이 될 수 없어 다른 이름으로 보관했습니다',
  'mail-damaged': '{path}, {byteOffset}바이트 위치: {reason}',
  'mailbox-renamed': '{mailbox} 메일함은 대상에서 {target}입니다',
  'flag-dropped': '{mailbox}: 대상에서 {flag} 플래그를 보관하지 않아 메시지 {count}건은 이 플래그 없이 복원했습니다',
  'date-from-header': '{mailbox}: 메시지 {count}건은 서버의 날짜가 없어 Date 필드의 날짜로 복원했습니다',
  'date-missing': '{mailbox}: 메시지 {count}건은 날짜가 전혀 없어 대상 서버가 정한 날짜가 되었습니다',
  'target-changed': '{mailbox}: 메시지 {count}건은 보낸 것과 대상에 있는 것의 크기가 다릅니다',
  'manifest-lost': '{part}: 메시지 {count}건은 매니페스트가 없어 플래그를 알 수 없습니다. 메일함과 날짜는 분할 파일을 따릅니다',
  'nul-bytes': '{mailbox}: 메시지 {count}건에 NUL 바이트가 있으며, 많은 서버가 이를 다른 바이트로 바꿉니다',
  'not-removed': '{mailbox}: {count}통을 원본에서 삭제하지 않았습니다: {reason}',
};

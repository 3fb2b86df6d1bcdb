import type { ErrorCode } from '@mailferry/core/errors';

/** Message and hint of every error in Korean; the English ones are ERROR_KINDS. */
export const koErrors: Record<ErrorCode, { readonly message: string; readonly hint: string }> = {
  // The run
  'internal': {
    message: 'Mailferry 내부에서 오류가 발생했습니다: {reason}',
    hint: '다시 실행해 주십시오. 기록된 내용은 사라지지 않습니다. 같은 오류가 반복되면 이 문구와 함께 알려 주십시오.',
  },
  'cancelled': { message: '요청에 따라 중지했습니다', hint: '같은 명령을 다시 실행하면 이어서 진행합니다.' },
  'option-invalid': { message: '{option}: {reason}', hint: '사용법은 --help로 확인할 수 있습니다.' },
  'consent-missing': {
    message: '동의를 받지 못해 아무것도 시작하지 않았습니다',
    hint: '터미널에서 질문에 답하거나 --yes를 지정해 주십시오.',
  },

  // Reaching a server
  'contacts-unreadable': {
    message: '{row}번째 행 때문에 나머지 파일을 읽을 수 없습니다: {reason}',
    hint: '텍스트 편집기로 그 행을 고치거나 파일을 다시 내보내세요. 아무것도 쓰지 않았습니다.',
  },
  'contacts-not-text': { message: '{path} 파일은 주소록이 아닙니다: {reason}', hint: 'CSV, vCard 또는 LDIF로 내보내세요.' },
  'contacts-format-unknown': {
    message: '{path} 파일의 열은 아는 형식의 것이 아닙니다: {headers}',
    hint: '--from으로 형식을, --delimiter로 구분 기호를 지정하거나, --map으로 어느 열이 무엇인지 알려 주세요.',
  },
  'contact-field-unknown': {
    message: '{field}(이)라는 필드는 없습니다',
    hint: '필드 이름은 name, name.given, email, email.2, phone.mobile, address.work.city, organization.title, date.birthday, notes, groups와 같습니다. docs/address-books.md에 모두 있습니다.',
  },
  'contact-column-missing': {
    message: '파일에 {column}(이)라는 열이 없습니다',
    hint: '파일의 머리글 행과 비교하세요. `mailferry contacts detect`가 보여 줍니다.',
  },
  'contacts-not-encodable': {
    message: '{encoding}(으)로는 {count}개 행의 글자를 담을 수 없습니다: {rows}',
    hint: 'UTF-8로 쓰거나 그 행들을 고치세요.',
  },
  'contacts-encoding-unknown': { message: '{encoding}(이)라는 인코딩은 없습니다', hint: 'utf-8, cp949, utf-16le와 같은 이름을 쓰세요.' },
  'host-unknown': { message: '서버 이름 {host}을(를) 찾을 수 없습니다', hint: '서버 이름의 철자와 이 컴퓨터의 DNS를 확인해 주십시오.' },
  'connection-refused': {
    message: '{host}:{port} 서버가 연결을 거부했습니다',
    hint: '포트를 확인하고, 메일 서비스 업체에서 해당 기능이 켜져 있는지 확인해 주십시오.',
  },
  'connection-lost': {
    message: '{host}:{port} 서버와 연결이 끊어졌습니다: {reason}',
    hint: '같은 명령을 다시 실행하면 이어서 진행합니다.',
  },
  'connection-stalled': {
    message: '{host}:{port} 서버가 {seconds}초 동안 아무것도 보내지 않았습니다',
    hint: '같은 명령을 다시 실행하면 이어서 진행합니다.',
  },
  'tls-refused': {
    message: '{host}:{port} 서버와 신뢰할 수 있는 TLS 연결을 맺지 못했습니다: {reason}',
    hint: '서버 이름이 인증서와 맞는지 확인해 주십시오. 사설 인증 기관은 --from-ca-file 또는 --to-ca-file로 지정합니다.',
  },
  'tls-missing': {
    message: '{host}:{port} 서버가 TLS를 제공하지 않아 비밀번호를 보내지 않았습니다',
    hint: 'TLS 포트(imaps://, 993)를 쓰거나, --allow-insecure로 암호화되지 않은 연결을 허용해 주십시오.',
  },
  'auth-refused': {
    message: '{host} 서버가 {user} 계정의 로그인을 거부했습니다: {reply}',
    hint: '아이디와 비밀번호를 확인해 주십시오. 앱 비밀번호가 필요하거나 IMAP 사용을 먼저 켜야 하는 업체가 많습니다.',
  },
  'one-time-code-missing': {
    message: '{host} 서버가 {user} 계정의 일회용 인증 코드를 요구합니다',
    hint: '터미널에서 실행하면 코드를 물어봅니다. 또는 --to-code-command에 코드를 출력하는 명령을 주세요.',
  },
  'auth-unsupported': {
    message: '{host} 서버에는 맞는 로그인 방식이 없습니다. 제공하는 방식: {offered}',
    hint: '다른 인증 방법(비밀번호 또는 OAuth 2.0)이나 TLS 포트를 사용해 주십시오. TLS에서만 비밀번호를 받는 서버도 있습니다.',
  },
  'token-refused': {
    message: '{issuer}에서 액세스 토큰을 발급하지 않았습니다: {reply}',
    hint: '서비스에 다시 로그인해 갱신 토큰을 새로 받거나, 토큰 명령의 출력을 확인해 주십시오.',
  },
  'token-failed': {
    message: '{issuer}에서 액세스 토큰을 받지 못했습니다: {reason}',
    hint: '나중에 같은 명령을 다시 실행하면 이어서 진행합니다.',
  },
  'server-refused': {
    message: '{host} 서버가 {command} 명령을 거부했습니다: {reply}',
    hint: '서버의 응답을 확인하고, 원인을 해결한 뒤 다시 실행해 주십시오.',
  },
  'server-busy': {
    message: '{host} 서버가 잠시 기다려 달라고 합니다: {reply}',
    hint: '나중에 같은 명령을 다시 실행하면 이어서 진행합니다.',
  },
  'protocol-violation': {
    message: '{host} 서버가 프로토콜에 맞지 않는 응답을 보냈습니다: {reason}',
    hint: '의심스러운 내용은 보관하지 않았습니다. 다시 실행해 보고, 반복되면 서버나 중간 장비를 점검해 주십시오.',
  },
  'mailbox-replaced': {
    message: '읽는 동안 {mailbox} 메일함이 새로 만들어졌습니다',
    hint: '같은 명령을 다시 실행하면 새 메일함의 메일을 받습니다.',
  },
  'listing-incomplete': {
    message: '{mailbox} 메일함에 {announced}통이 있다고 하지만 목록에는 {listed}통만 있습니다',
    hint: '같은 명령을 다시 실행해 주십시오. 반복되면 서버가 일부 메일을 보여 주지 않는 것입니다.',
  },

  // One message
  'source-missing': { message: '{path}이(가) 없습니다', hint: '경로를 확인해 주십시오.' },
  'source-unknown': {
    message: '{path}은(는) 읽을 수 있는 메일이 아닙니다: {reason}',
    hint: '형식을 지정해 주십시오: mbox:경로, maildir:경로, eml:폴더, zip:파일.',
  },
  'source-unreadable': {
    message: '{path}을(를) 읽을 수 없습니다: {reason}',
    hint: '파일과 권한을 확인한 뒤 같은 명령을 다시 실행해 주십시오.',
  },
  'source-changed': {
    message: '읽는 동안 {path}이(가) 바뀌었습니다',
    hint: '파일을 쓰는 프로그램을 닫고 같은 명령을 다시 실행해 주십시오.',
  },
  'message-damaged': {
    message: '원본에서 이 메일의 데이터가 손상되었습니다: {reason}',
    hint: '원본에서 이 메일을 확인해 주십시오. 다음 실행 때 다시 요청합니다.',
  },
  'message-empty': {
    message: '서버가 이 메일을 0바이트로 보냈습니다',
    hint: '원본에서 이 메일을 확인해 주십시오. 다음 실행 때 다시 요청합니다.',
  },
  'message-withheld': { message: '목록에는 있지만 서버가 이 메일의 본문을 보내지 않았습니다', hint: '다음 실행 때 다시 요청합니다.' },
  'message-unreadable': {
    message: '이 메일을 읽는 중에 연결이 끊어졌습니다: {reason}',
    hint: '다음 실행 때 다시 가져옵니다. 계속 실패하면 원본에서 해당 메일을 확인해 주십시오.',
  },
  'message-too-large': {
    message: '메일이 {sizeBytes}바이트로, 한도 {limitBytes}바이트를 넘습니다',
    hint: '분할 파일에 들어가지 않으면 --part-size를 더 크게 지정해 주십시오. 서버가 받지 않으면 서버의 한도를 늘려 주십시오.',
  },

  // What the target says about one message
  'upload-entry-empty': { message: '대상이 거부했습니다: 0바이트 파일', hint: '파일을 고친 뒤 다시 업로드해 주십시오.' },
  'upload-entry-not-eml': { message: '대상이 거부했습니다: .eml 파일이 아님', hint: '파일을 고친 뒤 다시 업로드해 주십시오.' },
  'upload-entry-refused': {
    message: '대상이 거부했습니다: {reply}',
    hint: '대상이 알려 준 실패 사유를 확인하고 원인을 없애 주십시오. 메일은 아카이브에 보관되어 있습니다.',
  },
  'upload-entry-unanswered': {
    message: '대상이 이 메일에 대한 결과를 알려 주지 않았습니다',
    hint: '대상에 메일이 있는지 확인해 주십시오. 메일은 아카이브에 보관되어 있습니다.',
  },

  // The archive on disk
  'archive-locked': {
    message: '다른 실행이 {path} 폴더에서 작업하고 있습니다',
    hint: '그 작업이 끝날 때까지 기다리거나 중지해 주십시오.',
  },
  'archive-missing': {
    message: '{path}에 Mailferry 아카이브가 없습니다',
    hint: '경로를 확인해 주십시오. 아카이브에는 SHA256SUMS 파일이나 .mailferry 폴더가 있습니다.',
  },
  'archive-foreign-files': {
    message: '{path}은(는) Mailferry 아카이브도 빈 폴더도 아닙니다',
    hint: '빈 폴더나 새 폴더를 지정해 주십시오.',
  },
  'archive-part-lost': {
    message: '{part} 파일이 기록에는 있지만 디스크에 없거나 기록보다 짧습니다',
    hint: '복사본에서 파일을 되돌려 놓거나 새 아카이브를 시작해 주십시오.',
  },
  'archive-part-unknown': {
    message: '{path}에 {part}이(가) 있지만 작업 기록에는 없습니다',
    hint: '작업 기록이 아카이브보다 오래되었습니다. 더 최근의 기록을 되돌려 놓거나 새 아카이브를 시작해 주십시오. 아무것도 변경하지 않았습니다.',
  },
  'entry-damaged': {
    message: '{part} 안의 메시지가 손상되었습니다: {reason}',
    hint: 'mailferry verify로 손상된 곳을 모두 확인할 수 있습니다. 백업의 다른 사본에서 이 파일을 가져오십시오.',
  },
  'entry-unknown': {
    message: '{path}에 {id} 메일이 없습니다',
    hint: 'mailferry ls <archive> --messages로 ID를 확인할 수 있습니다. ID는 네 자리 이상이어야 합니다.',
  },
  'entry-ambiguous': {
    message: '{id}에 해당하는 메일이 여럿입니다: {candidates}',
    hint: '더 많은 자리를 지정해 주십시오.',
  },
  'index-folder-refused': {
    message: '{path}에는 목록을 만들 수 없습니다: {reason}',
    hint: '아카이브 밖에 있는 새 폴더나 빈 폴더, 또는 이전에 만든 목록의 폴더를 지정해 주십시오.',
  },
  'archive-part-damaged': {
    message: '{part} 파일을 다시 읽은 내용이 쓴 내용과 다릅니다: {reason}',
    hint: '디스크를 점검해 주십시오. 이 분할 파일은 봉인하지 않았습니다.',
  },
  'manifest-invalid': {
    message: '{path}, {line}번째 줄: {reason}',
    hint: 'verify 명령으로 손상된 내용을 확인하고, 복사본에서 파일을 되돌려 놓아 주십시오.',
  },
  'checksums-invalid': {
    message: '{path}의 {line}번째 줄은 체크섬이 아닙니다',
    hint: '복사본에서 파일을 되돌려 놓아 주십시오.',
  },
  'ledger-unreadable': {
    message: '작업 기록 {path}을(를) 읽을 수 없습니다: {reason}',
    hint: '아무것도 건드리지 않았습니다. 복사본에서 되돌려 놓거나 새 아카이브를 시작해 주십시오.',
  },
  'ledger-version': {
    message: '작업 기록 {path}의 버전은 {found}인데, 이 Mailferry는 버전 {known}만 읽을 수 있습니다',
    hint: '그 기록을 만든 버전이나 더 새로운 버전의 Mailferry를 사용해 주십시오.',
  },
  'target-over-quota': {
    message: '{host}의 계정 용량이 가득 찼습니다: {reply}',
    hint: '용량을 비우거나 늘린 뒤 같은 명령을 다시 실행하면 이어서 진행합니다.',
  },
  'append-refused': {
    message: '{host}에서 메시지를 받지 않았습니다: {reply}',
    hint: '다음 실행에서 다시 보냅니다. 서버의 응답에 이유가 있습니다.',
  },
  'append-uncertain': {
    message: '보내는 중에 연결이 끊겼고, {mailbox} 메일함으로는 도착했는지 알 수 없습니다',
    hint: '대상에서 메시지를 찾아보십시오. 없으면 --send-uncertain으로 다시 보냅니다.',
  },
  'append-broke-connection': {
    message: '이 메시지를 보낼 때마다 연결이 끊겼습니다: {reason}',
    hint: '다음 실행에서 다시 보냅니다. 계속되면 서버나 중간 장비가 이 메시지를 받지 못하는 것입니다.',
  },
  'target-mailbox': {
    message: '대상에 {mailbox} 메일함을 만들 수 없습니다: {reply}',
    hint: '메일함을 직접 만들거나 --under로 다른 메일함 아래에 복원하십시오.',
  },
  'key-unreadable': {
    message: '{path} 파일에는 필요한 종류의 키가 없습니다',
    hint: '서명 키는 mailferry key new로, age 신원과 수신자는 age-keygen으로 만듭니다.',
  },
  'signing-key-missing': {
    message: '{path}의 아카이브는 서명되어 있는데, 새로 추가되는 내용을 서명할 키를 지정하지 않았습니다',
    hint: '이전과 같은 키를 --sign-key로 지정하십시오.',
  },
  'identity-missing': {
    message: '{path} 파일은 암호화되어 있으며, 지정한 신원으로는 열 수 없습니다',
    hint: '수신자에 해당하는 age 신원 파일을 --identity로 지정하십시오.',
  },
  'decryption-failed': {
    message: '{path} 파일을 복호화할 수 없습니다: {reason}',
    hint: '파일이 변경되었거나 잘렸습니다. 백업의 다른 사본에서 가져오십시오.',
  },
  'ledger-other-job': {
    message: '다른 작업의 아카이브입니다. {what}: 기록된 값 {recorded}, 지정한 값 {given}',
    hint: '계정마다 다른 폴더를 사용해 주십시오. 이름만 바뀐 같은 메일이면 --rebind로 알려 주십시오.',
  },
  'disk-full': {
    message: '{path}에 쓰는 중 디스크 공간이 부족합니다',
    hint: '공간을 확보한 뒤 같은 명령을 다시 실행해 주십시오. 봉인된 분할 파일은 안전합니다.',
  },
  'disk-failed': { message: '{path}에 쓰지 못했습니다: {reason}', hint: '디스크를 점검한 뒤 같은 명령을 다시 실행해 주십시오.' },

  // Uploading
  'zip-invalid': { message: '{path}은(는) 사용할 수 있는 ZIP이 아닙니다: {reason}', hint: 'ZIP을 다시 만들어 주십시오.' },
  'zip-too-large': {
    message: '{path}의 크기가 {sizeBytes}바이트입니다. 업로드 파일은 2 GB(2,147,483,648바이트)보다 작아야 합니다',
    hint: '더 작게 분할해 주십시오: mailferry backup --for-upload',
  },
  'zip-mixed-mailboxes': {
    message: '{path}에 여러 메일함이 들어 있습니다. 업로드 하나는 메일함 하나로만 보낼 수 있습니다',
    hint: '메일함별로 분할해 주십시오: mailferry backup --for-upload',
  },
  'target-account-not-set-up': {
    message: '{host}의 {user} 계정이 아직 설정되지 않았습니다',
    hint: '대상에서 계정을 먼저 설정해 주십시오. 아무것도 받지 않았습니다.',
  },
  'target-refused': {
    message: '{host} 서버가 요청을 거부했습니다. {what}: {reply}',
    hint: '대상의 응답을 확인하고, 원인을 해결한 뒤 다시 실행해 주십시오.',
  },
  'target-failed': {
    message: '{host} 서버가 요청을 처리하지 못했습니다. {what}: {reply}',
    hint: '나중에 같은 명령을 다시 실행하면 이어서 진행합니다.',
  },
};

/** What core puts into the details `what` and `reason` of errors and notices, in Korean, where it is always the same. */
export const koWords: Readonly<Record<string, string>> = {
  // contacts-not-text
  'it is an Excel workbook (.xlsx) or another ZIP file': '엑셀 통합 문서(.xlsx)나 다른 ZIP 파일입니다',
  'it is an old Excel workbook (.xls) or another Office file': '옛 엑셀 문서(.xls)나 다른 오피스 파일입니다',
  'it is an Outlook data file (.pst)': 'Outlook 데이터 파일(.pst)입니다',
  'it is a database (Thunderbird keeps its address book in one)': '데이터베이스입니다(Thunderbird는 주소록을 이렇게 보관합니다)',
  'it is a PDF': 'PDF 파일입니다',
  'it is compressed': '압축된 파일입니다',
  'it is an HTML page': 'HTML 페이지입니다',
  'it is an XML file': 'XML 파일입니다',
  'it is empty': '빈 파일입니다',
  'it is no text': '텍스트가 아닙니다',
  'it can not be opened': '열 수 없습니다',
  'it can not be read': '읽을 수 없습니다',
  'it is no file': '파일이 아닙니다',
  // contacts-unreadable
  'a quote is opened there and never closed': '거기서 열린 따옴표가 끝내 닫히지 않습니다',
  'a quoted name of its header row goes on behind its closing quote': '머리글 행에 닫는 따옴표 뒤로 글자가 이어지는 이름이 있습니다',
  'it has no header row': '머리글 행이 없습니다',
  // option-invalid
  'one character, no quote and no line end': '따옴표나 줄바꿈이 아닌 한 글자',
  'it is the file of --out': '--out의 파일과 같습니다',
  // ledger-other-job
  'source': '원본',
  'target': '대상',
  'layout': '분할 방식',
  // index-folder-refused
  'it can not be made, or is no folder': '만들 수 없거나 폴더가 아닙니다',
  'it is in the archive, where nothing is changed': '아카이브 안에 있습니다. 아카이브는 바꾸지 않습니다',
  'other files are in it': '다른 파일이 들어 있습니다',
  // not-removed
  'the source keeps them': '원본에 그대로 남아 있습니다',
  // mail-damaged
  'a header line that is no header field': '헤더 필드가 아닌 헤더 줄',
  'a Content-Length that does not fit': '맞지 않는 Content-Length',
  'a Content-Length that is no length': '길이가 아닌 Content-Length',
  'a Content-Length that goes beyond the end of the file': '파일 끝을 넘는 Content-Length',
  'the file ends without a line end, so its last message may be cut': '파일이 줄바꿈 없이 끝나므로 마지막 메일이 잘렸을 수 있습니다',
  'NUL bytes': 'NUL 바이트',
  // source-unknown, source-unreadable, message-damaged
  'it begins like neither an mbox nor a ZIP': 'mbox도 ZIP도 아닌 내용으로 시작합니다',
  'it does not begin as an mbox does': 'mbox 형식으로 시작하지 않습니다',
  'no file in it is an mbox': 'mbox 파일이 없습니다',
  'it has no .eml file': '.eml 파일이 없습니다',
  'it has no ZIP': 'ZIP 파일이 없습니다',
  'it is no regular file': '일반 파일이 아닙니다',
  'its entry is not what the ZIP says it is': 'ZIP에 기록된 내용과 다릅니다',
  // connection-lost
  'closed by the server': '서버가 연결을 끊었습니다',
};

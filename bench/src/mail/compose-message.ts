import type { Noise } from './noise.ts';

type Words = readonly [string, ...string[]];

const words = (text: string): Words => {
  const [first = '', ...others] = text.split(' ');
  return [first, ...others];
};

const KOREAN = words(
  '안녕하세요 회의 자료 첨부 드립니다 확인 부탁 드리며 내일 오전 까지 회신 바랍니다 견적서 계약 일정 프로젝트 담당자 연락처 변경 안내 감사합니다 ' +
    '고객 문의 내용 전달 예정 서비스 점검 공지 결제 영수증 발송 완료 배송 조회 신청 접수 승인 요청 검토 의견 수정 사항 반영 최종 보고서 매출 현황 ' +
    '분석 결과 부서 팀장 과장 대리 출장 휴가 교육 참석 명단 장소 서울 부산 사무실 그리고 하지만 따라서 또한 이번 다음 주간 월간 목표 논의 입니다',
);
const ENGLISH = words(
  'the meeting notes are attached please review and reply by tomorrow morning quote contract schedule project owner contact change notice ' +
    'thanks customer request forward service maintenance announcement payment receipt shipment completed tracking application approval ' +
    'comments revision final report revenue status analysis result team manager travel vacation form training venue office but therefore ' +
    'also this next weekly monthly quarterly goal discussion required message server backup migration export before after every',
);
const FILE_NAMES = words('report.pdf photo.jpg scan.png minutes.docx backup.zip');

/** Where the message grows beyond this, it is attachments that make it grow. */
const MOST_TEXT_BYTES = 24_000;
const LEAST_BODY_BYTES = 100;
const LINE_BYTES = 57;
/** What is left of a size once base64 and its line ends are on top. */
const BASE64_SHARE = 0.73;

const base64Lines = (bytes: Buffer): string => {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += LINE_BYTES) lines.push(`${bytes.toString('base64', at, at + LINE_BYTES)}\r\n`);
  return lines.join('');
};

const sentence = (noise: Noise, vocabulary: Words): string =>
  Array.from({ length: noise.between(5, 13) }, () => noise.pick(vocabulary)).join(' ');

const text = (noise: Noise, vocabulary: Words, sizeBytes: number): Buffer => {
  const lines: string[] = [];
  for (let left = sizeBytes; left > 0; ) {
    const line = `${noise.fraction() < 0.15 ? '> ' : ''}${sentence(noise, vocabulary)}.\r\n${noise.fraction() < 0.1 ? '\r\n' : ''}`;
    lines.push(line);
    left -= Buffer.byteLength(line);
  }
  return Buffer.from(lines.join(''));
};

/** Rows as programs log and export them: deflating takes most of it away. */
const table = (noise: Noise, sizeBytes: number): Buffer => {
  const rows: string[] = [];
  for (let left = sizeBytes; left > 0; ) {
    const row = `2024-${noise.between(10, 12)}-${noise.between(10, 28)},order-${noise.between(100_000, 999_999)},${noise.pick(ENGLISH)},${noise.between(1, 90)}000,KRW\r\n`;
    rows.push(row);
    left -= row.length;
  }
  return Buffer.from(rows.join(''));
};

const part = (type: string, encoding: '7bit' | '8bit' | 'base64', content: Buffer, more = ''): string =>
  `Content-Type: ${type}\r\nContent-Transfer-Encoding: ${encoding}\r\n${more}\r\n${encoding === 'base64' ? base64Lines(content) : content}`;

const textPart = (noise: Noise, sizeBytes: number): string => {
  const kind = noise.fraction();
  if (kind < 0.45) return part('text/plain; charset=us-ascii', '7bit', text(noise, ENGLISH, sizeBytes));
  if (kind < 0.6) return part('text/plain; charset=utf-8', '8bit', text(noise, KOREAN, sizeBytes));
  return part('text/plain; charset=utf-8', 'base64', text(noise, KOREAN, sizeBytes * BASE64_SHARE));
};

/** Most are of a kind that is compressed already. */
const attachment = (noise: Noise, sizeBytes: number): string => {
  const isTable = noise.fraction() < 0.2;
  const name = isTable ? 'export.csv' : noise.pick(FILE_NAMES);
  const content = isTable ? table(noise, sizeBytes * BASE64_SHARE) : noise.bytes(Math.floor(sizeBytes * BASE64_SHARE));
  const disposition = `Content-Disposition: attachment; filename="${name}"\r\n`;
  return part(isTable ? 'text/csv' : 'application/octet-stream', 'base64', content, disposition);
};

const body = (noise: Noise, sizeBytes: number, boundary: string): string => {
  if (sizeBytes <= MOST_TEXT_BYTES) return textPart(noise, sizeBytes);
  const textBytes = noise.between(600, 4_000);
  const parts = [textPart(noise, textBytes), attachment(noise, sizeBytes - textBytes)];
  return [
    `Content-Type: multipart/mixed; boundary="${boundary}"\r\n\r\n`,
    ...parts.map((each) => `--${boundary}\r\n${each}\r\n`),
    `--${boundary}--\r\n`,
  ].join('');
};

/** A message of about `sizeBytes` bytes, with line ends as they go over the wire. No two with the same `id` in one account. */
export const composeMessage = (noise: Noise, id: string, sizeBytes: number): Buffer => {
  const subject = sentence(noise, noise.fraction() < 0.5 ? KOREAN : ENGLISH).slice(0, 24);
  const day = `${noise.between(10, 28)} ${noise.pick(['Jan', 'Apr', 'Jul', 'Oct'])} ${noise.between(2008, 2025)}`;
  const signature =
    noise
      .bytes(256)
      .toString('base64')
      .match(/.{1,70}/g) ?? [];
  const head = [
    `Received: from mx${noise.between(1, 9)}.example.net by mail.example.com with ESMTPS id ${noise.bytes(8).toString('hex')}; ${day}`,
    'DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.co.kr; s=k1; h=from:to:subject:date:message-id;',
    ` bh=${noise.bytes(32).toString('base64')};`,
    ` b=${signature.join('\r\n  ')}`,
    `From: "${noise.pick(ENGLISH)}" <user${noise.between(1, 400)}@example.co.kr>`,
    'To: kim@example.com',
    `Subject: =?UTF-8?B?${Buffer.from(subject).toString('base64')}?=`,
    `Date: ${day} ${noise.between(10, 23)}:${noise.between(10, 59)}:${noise.between(10, 59)} +0900`,
    `Message-ID: <${id}@bench.example.com>`,
    'MIME-Version: 1.0',
  ];
  const top = `${head.join('\r\n')}\r\n`;
  return Buffer.from(`${top}${body(noise, Math.max(LEAST_BODY_BYTES, sizeBytes - top.length), `=_${id}`)}`);
};

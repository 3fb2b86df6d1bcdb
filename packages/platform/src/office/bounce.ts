import { randomUUID } from 'node:crypto';
import { headerLength } from '../store/bodies.ts';
import type { FailedRecipient } from './delivery.ts';

const MAX_HEADER_BYTES = 64 * 1024;

/** RFC 5322 §3.3, in UTC. */
export const mailDate = (date: Date): string => date.toUTCString().replace('GMT', '+0000');

/** A report of what was not delivered, with the header of the message: RFC 3462, RFC 3464. */
export const bounceFor = (to: string, failed: readonly FailedRecipient[], original: Buffer, now: Date): Buffer => {
  const domain = to.slice(to.lastIndexOf('@') + 1);
  const boundary = `report-${randomUUID()}`;
  const header = original.subarray(0, Math.min(headerLength(original), MAX_HEADER_BYTES));
  const lines = [
    `Date: ${mailDate(now)}`,
    `From: Mail delivery <postmaster@${domain}>`,
    `To: <${to}>`,
    `Message-ID: <${randomUUID()}@${domain}>`,
    'Subject: =?utf-8?B?67CY7Iah?= / Undelivered mail',
    'Auto-Submitted: auto-replied',
    'MIME-Version: 1.0',
    `Content-Type: multipart/report; report-type=delivery-status; boundary="${boundary}"`,
    '',
    `--${boundary}`,
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: 8bit',
    '',
    '다음 받는 사람에게는 메일이 전달되지 않았습니다. The message did not reach:',
    '',
    ...failed.map(({ address, error }) => `${address}: ${error.message}`),
    '',
    `--${boundary}`,
    'Content-Type: message/delivery-status',
    '',
    `Reporting-MTA: dns; ${domain}`,
    ...failed.flatMap(({ address, error }) => [
      '',
      `Final-Recipient: rfc822; ${address}`,
      'Action: failed',
      `Status: ${error.code === 'over-quota' ? '5.2.2' : '5.1.1'}`,
      `Diagnostic-Code: x-mailferry; ${error.code}`,
    ]),
    '',
    `--${boundary}`,
    'Content-Type: text/rfc822-headers',
    '',
    '',
  ];
  return Buffer.concat([Buffer.from(lines.join('\r\n')), header, Buffer.from(`\r\n--${boundary}--\r\n`)]);
};

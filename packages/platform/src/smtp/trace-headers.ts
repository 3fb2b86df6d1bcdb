import { randomUUID } from 'node:crypto';
import { mailDate } from '../office/bounce.ts';
import { headerLength } from '../store/bodies.ts';

/** Where a submitted message came from. */
export interface Submission {
  /** What the client called itself. */
  readonly clientName: string;
  /** Its IP address. */
  readonly address: string;
  readonly isSecure: boolean;
  readonly isUtf8: boolean;
  /** The server's own name. */
  readonly serverName: string;
  readonly now: Date;
}

const hasField = (header: string, name: string): boolean => new RegExp(`^${name}[ \\t]*:`, 'im').test(header);

const printable = (text: string): string => text.replace(/[^!-'*-[\]-~]/g, '?').slice(0, 255);

/** RFC 3848. */
const protocol = ({ isSecure, isUtf8 }: Submission): string => `${isUtf8 ? 'UTF8SMTP' : 'ESMTP'}${isSecure ? 'SA' : 'A'}`;

/** The message with what a submission server adds in front, RFC 5321 §4.4, RFC 6409 §8: where it came from, and a date and an id where it has none. */
export const withTrace = (message: Buffer, submission: Submission): Buffer => {
  const { clientName, address, serverName, now } = submission;
  const header = message.toString('latin1', 0, headerLength(message));
  const lines = [
    `Received: from ${printable(clientName) || 'unknown'} ([${address.includes(':') ? `IPv6:${address}` : address}])`,
    `\tby ${serverName} with ${protocol(submission)} id ${randomUUID()};`,
    `\t${mailDate(now)}`,
    ...(hasField(header, 'Date') ? [] : [`Date: ${mailDate(now)}`]),
    ...(hasField(header, 'Message-ID') ? [] : [`Message-ID: <${randomUUID()}@${serverName}>`]),
  ];
  // A message that begins with its body needs the blank line between.
  const end = /^(?:[!-9;-~]+[ \t]*:|\r?\n)/.test(header) ? '' : '\r\n';
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n${end}`), message]);
};

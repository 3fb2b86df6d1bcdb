import { createHash } from 'node:crypto';
import type { Dovecot } from '../../../test/fixtures/dovecot.ts';
import { generateMail, type MailProfile } from './mail-profile.ts';

export interface MailAccount {
  readonly profile: MailProfile;
  readonly user: string;
  readonly password: string;
  readonly imapPort: number;
  readonly messageCount: number;
  readonly sizeBytes: number;
  /** Mailbox and SHA-256 of every message, as lines, sorted. */
  readonly contents: readonly string[];
}

export const contentLine = (mailbox: string, sha256: string): string => `${mailbox}\t${sha256}`;

/** Makes an account on the server and fills it with the profile's mail. */
export const fillAccount = (dovecot: Dovecot, profile: MailProfile): MailAccount => {
  const user = profile.name;
  const contents: string[] = [];
  let sizeBytes = 0;
  for (const { path, messages } of generateMail(profile)) {
    dovecot.addAccount(user, new Map([[path, messages]]));
    for (const message of messages) {
      contents.push(contentLine(path, createHash('sha256').update(message).digest('hex')));
      sizeBytes += message.length;
    }
  }
  const { password, imapPort } = dovecot;
  return { profile, user, password, imapPort, messageCount: contents.length, sizeBytes, contents: contents.toSorted() };
};

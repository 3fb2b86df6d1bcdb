import { randomUUID } from 'node:crypto';
import { openSource } from '@mailferry/core/source';
import { afterAll, beforeAll, describe } from 'vitest';
import { imapWorld } from '../contracts/imap-world.ts';
import { describeMailSource } from '../contracts/mail-source-contract.ts';
import { type Dovecot, hasDovecot, startDovecot } from '../fixtures/dovecot.ts';

/** Dovecot sends no NUL: IMAP's literals can't have it (RFC 9051 §4.3). */
const withoutNul = (message: Buffer): Buffer => Buffer.from(message.toString('latin1').replaceAll('\0', '\x80'), 'latin1');

describe.skipIf(!hasDovecot())('at Dovecot (needs dovecot)', () => {
  let dovecot: Dovecot;

  beforeAll(async () => {
    dovecot = await startDovecot();
  });
  afterAll(() => dovecot?.[Symbol.asyncDispose]());

  /** An account of its own for each world. */
  const account = (mail: ReadonlyMap<string, readonly Buffer[]>): string => {
    const user = `u${randomUUID()}`;
    dovecot.addAccount(user, mail);
    return user;
  };

  describeMailSource('POP3 at Dovecot', {
    mailboxes: 'inbox-only',
    makeWorld: async (mail) => {
      const owner = { port: dovecot.imapPort, user: account(mail), password: dovecot.password };
      const world = imapWorld(owner, async () => undefined);
      return {
        ...world,
        open: (streamAboveBytes) =>
          openSource({
            url: `pop3://${owner.user}@127.0.0.1:${dovecot.pop3Port}`,
            credential: { kind: 'password', password: dovecot.password },
            allowInsecure: true,
            streamAboveBytes,
          }),
        // Dovecot marks what RETR took as read; nothing a client could keep it from.
        snapshot: async () =>
          JSON.stringify(await world.snapshot())
            .replaceAll('"\\\\Seen"', '')
            .replaceAll('[,', '['),
      };
    },
  });

  describeMailSource('IMAP at Dovecot', {
    makeWorld: async (mail) =>
      imapWorld({ port: dovecot.imapPort, user: account(mail), password: dovecot.password }, async () => undefined),
    asServed: withoutNul,
  });
});

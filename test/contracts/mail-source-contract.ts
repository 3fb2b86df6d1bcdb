import { createHash } from 'node:crypto';
import { isMailferryError } from '@mailferry/core/errors';
import type { Locator, Mailbox, Message, UidValidity } from '@mailferry/core/mail';
import type { FetchOutcome, ListedMessage, MailSource, MessageListing } from '@mailferry/core/source';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

/** A place with mail in it, and what else can happen there. */
export interface MailWorld extends AsyncDisposable {
  /** A new source for it; messages of more bytes than that come in pieces. The contract closes it. */
  open(streamAboveBytes: number): MailSource;
  /** Puts one more message into a mailbox, as its owner would. */
  add(mailbox: string, message: Buffer): Promise<void>;
  /** Takes the first message out of a mailbox, as its owner would. */
  removeFirst(mailbox: string): Promise<void>;
  /** Everything that a source must not change: bytes, flags, names. */
  snapshot(): Promise<unknown>;
}

export interface ContractOptions {
  /** Makes a world with this mail; mailbox names have `/` between their levels. */
  readonly makeWorld: (mail: ReadonlyMap<string, readonly Buffer[]>) => Promise<MailWorld>;
  /** `inbox-only` where there is but one mailbox (SPEC P7). */
  readonly mailboxes?: 'all' | 'inbox-only';
  /** What the place makes of a message before any source sees it. Default: nothing. */
  readonly asServed?: (message: Buffer) => Buffer;
}

const STREAM_ABOVE_BYTES = 64 * 1024;
const message = (n: number | string): Buffer =>
  Buffer.from(`Subject: message ${n}\r\nMessage-ID: <${n}@example.com>\r\nDate: Tue, 05 Mar 2024 09:12:33 +0900\r\n\r\nbody ${n}\r\n`);

const INBOX = [
  message(1),
  message(2),
  // Equal to the one before in every byte.
  message(2),
  Buffer.concat([Buffer.from('Subject: '), Buffer.from('c7d1b1db', 'hex'), Buffer.from('\r\n\r\n\0 \xff\r\n', 'latin1')]),
  Buffer.from('Subject: dots\r\n\r\n.\r\n..\r\n.x\r\n'),
  Buffer.from('Subject: from\r\n\r\nFrom here on\r\n>From there\r\n'),
  Buffer.from(`Subject: long line\r\n\r\n${'x'.repeat(50_000)}\r\n`),
  Buffer.from(`Subject: big\r\n\r\n${'0123456789abcdef\r\n'.repeat(20_000)}`),
  Buffer.from('\r\nno header\r\n'),
];
const MAIL: ReadonlyMap<string, readonly Buffer[]> = new Map([
  ['INBOX', INBOX],
  ['받은 서류', [message('k1'), message('k2')]],
  ['R&D/2024', [message('r1')]],
]);

const { signal } = new AbortController();
const WHOLE = { since: null, mayBeDelta: false, withDetails: false };
const hash = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

const locatorsOf = ({ messages }: MessageListing): Locator[] => Array.from(messages, ({ locator }) => locator);

const bytesOf = async ({ body }: Message): Promise<Buffer> => {
  if (Buffer.isBuffer(body)) return body;
  const pieces: Buffer[] = [];
  for await (const piece of body) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
};

/** The suite that every source of mail passes. */
export const describeMailSource = (name: string, { makeWorld, mailboxes = 'all', asServed = (bytes) => bytes }: ContractOptions): void => {
  describe(`the contract of a mail source: ${name}`, () => {
    const mail = mailboxes === 'all' ? MAIL : new Map([['INBOX', INBOX]]);
    let world: MailWorld;
    let source: MailSource;

    beforeEach(async () => {
      world = await makeWorld(mail);
      source = world.open(STREAM_ABOVE_BYTES);
    });
    afterEach(async () => {
      await source.close();
      await world[Symbol.asyncDispose]();
    });

    const find = async (path: string): Promise<Mailbox> => {
      const found = (await source.listMailboxes(signal)).find((mailbox) => mailbox.path.normalize('NFC') === path);
      if (!found) throw new Error(`${path} is not listed`);
      return found;
    };

    const fetchAll = async (mailbox: Mailbox, listing: MessageListing, wanted: Iterable<ListedMessage> = listing.messages) => {
      const outcomes: (Exclude<FetchOutcome, { kind: 'message' }> | { kind: 'message'; message: Message; bytes: Buffer })[] = [];
      for await (const outcome of source.fetch(mailbox, listing.uidValidity, [...wanted], signal))
        outcomes.push(outcome.kind === 'message' ? { ...outcome, bytes: await bytesOf(outcome.message) } : outcome);
      return outcomes;
    };

    it('lists every mailbox once, and says what it is', async () => {
      const listed = await source.listMailboxes(signal);
      const paths = listed.filter(({ selectable }) => selectable).map(({ path }) => path.normalize('NFC'));
      expect(paths).toEqual(expect.arrayContaining([...mail.keys()]));
      expect(new Set(paths).size).toBe(paths.length);
      expect(source.facts().protocol).toMatch(/^(IMAP|POP3|mbox|Maildir|EML|ZIP)$/);
      expect(source.identity).not.toContain('secret');
    });

    it('gives every message of every mailbox byte for byte, each with one outcome', async () => {
      for (const [path, messages] of mail) {
        const mailbox = await find(path);
        const listing = await source.listMessages(mailbox, WHOLE, signal);
        expect(listing).toMatchObject({ scope: 'whole', totalCount: messages.length, gone: [] });
        expect(new Set(locatorsOf(listing)).size).toBe(messages.length);
        const outcomes = await fetchAll(mailbox, listing);
        expect(outcomes.map(({ kind }) => kind)).toEqual(messages.map(() => 'message'));
        const bodies = outcomes.flatMap((outcome) => (outcome.kind === 'message' ? [outcome] : []));
        expect(bodies.map(({ bytes }) => hash(bytes)).toSorted()).toEqual(messages.map((bytes) => hash(asServed(bytes))).toSorted());
        for (const { message: one, bytes } of bodies) {
          expect(one.sizeBytes).toBe(bytes.length);
          expect(one.ref.mailbox).toBe(mailbox.path);
          expect(Buffer.isBuffer(one.body)).toBe(bytes.length <= STREAM_ABOVE_BYTES);
        }
        expect(new Set(bodies.map(({ message: one }) => one.ref.locator))).toEqual(new Set(locatorsOf(listing)));
      }
    });

    it('calls each message the same in the next listing, also for a source that is new', async () => {
      const mailbox = await find('INBOX');
      const first = await source.listMessages(mailbox, WHOLE, signal);
      const again = await source.listMessages(mailbox, { ...WHOLE, since: first.point }, signal);
      await source.close();
      source = world.open(STREAM_ABOVE_BYTES);
      const later = await source.listMessages(await find('INBOX'), { ...WHOLE, since: again.point }, signal);
      for (const listing of [again, later]) {
        expect(listing.uidValidity).toBe(first.uidValidity);
        expect(locatorsOf(listing)).toEqual(locatorsOf(first));
      }
    });

    it('gives only what was asked for', async () => {
      const mailbox = await find('INBOX');
      const listing = await source.listMessages(mailbox, WHOLE, signal);
      const wanted = [...listing.messages].filter((_, i) => i % 3 === 1);
      const outcomes = await fetchAll(mailbox, listing, wanted);
      const locators = outcomes.map((outcome) => (outcome.kind === 'message' ? outcome.message.ref.locator : outcome.ref.locator));
      expect(new Set(locators)).toEqual(new Set(wanted.map(({ locator }) => locator)));
      expect(locators).toHaveLength(wanted.length);
    });

    it('finds a message that came later, and keeps the names of the others', async () => {
      const mailbox = await find('INBOX');
      const first = await source.listMessages(mailbox, WHOLE, signal);
      await source.close();
      await world.add('INBOX', message('later'));
      source = world.open(STREAM_ABOVE_BYTES);
      const wish = { ...WHOLE, since: first.point, mayBeDelta: true };
      const second = await source.listMessages(await find('INBOX'), wish, signal);
      const known = new Set(locatorsOf(first));
      const fresh = [...second.messages].filter(({ locator }) => !known.has(locator));
      expect(second.totalCount).toBe(INBOX.length + 1);
      expect(second.uidValidity).toBe(first.uidValidity);
      expect(fresh).toHaveLength(1);
      if (second.scope === 'whole') expect([...second.messages]).toHaveLength(INBOX.length + 1);
      const [outcome] = await fetchAll(mailbox, second, fresh);
      expect(outcome?.kind === 'message' && String(outcome.bytes)).toBe(String(asServed(message('later'))));
    });

    it('says nothing new when nothing changed', async () => {
      const mailbox = await find('INBOX');
      const { point } = await source.listMessages(mailbox, WHOLE, signal);
      const listing = await source.listMessages(mailbox, { ...WHOLE, since: point, mayBeDelta: true }, signal);
      expect(listing.totalCount).toBe(INBOX.length);
      if (listing.scope === 'delta') expect([...listing.messages, ...listing.gone]).toEqual([]);
      else expect([...listing.messages]).toHaveLength(INBOX.length);
    });

    it('calls a message vanished that is gone by the time it is asked for, or gives it whole', async () => {
      const listing = await source.listMessages(await find('INBOX'), WHOLE, signal);
      await source.close();
      await world.removeFirst('INBOX');
      source = world.open(STREAM_ABOVE_BYTES);
      const mailbox = await find('INBOX');
      const now = await source.listMessages(mailbox, { ...WHOLE, since: listing.point }, signal);
      expect(now.totalCount).toBe(INBOX.length - 1);
      if (now.uidValidity !== listing.uidValidity) {
        // A rewritten file: the old names mean nothing any more, and the source says so.
        await expect(fetchAll(mailbox, listing)).rejects.toMatchObject({ code: 'mailbox-replaced' });
        return;
      }
      const outcomes = await fetchAll(mailbox, listing);
      expect(outcomes.filter(({ kind }) => kind === 'vanished')).toHaveLength(1);
      expect(outcomes.filter(({ kind }) => kind === 'message')).toHaveLength(INBOX.length - 1);
    });

    it('can be stopped in the middle and asked again', async () => {
      const mailbox = await find('INBOX');
      const listing = await source.listMessages(mailbox, WHOLE, signal);
      for await (const outcome of source.fetch(mailbox, listing.uidValidity, [...listing.messages], signal)) {
        expect(outcome.kind).toBe('message');
        break;
      }
      expect(await fetchAll(mailbox, listing)).toHaveLength(INBOX.length);
    });

    it('stops when it is told to', async () => {
      const mailbox = await find('INBOX');
      const listing = await source.listMessages(mailbox, WHOLE, signal);
      const stop = new AbortController();
      const fetched = (async () => {
        for await (const _ of source.fetch(mailbox, listing.uidValidity, [...listing.messages], stop.signal)) stop.abort();
      })();
      const error = await fetched.catch((thrown: unknown) => thrown);
      // Whatever was there already may still come; then it ends, with `cancelled` or without more.
      if (error !== undefined) expect(isMailferryError(error, 'cancelled')).toBe(true);
      await expect(source.listMessages(mailbox, WHOLE, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
    });

    it('refuses to read under the names of another generation', async () => {
      const mailbox = await find('INBOX');
      const listing = await source.listMessages(mailbox, WHOLE, signal);
      const other = { ...listing, uidValidity: (listing.uidValidity + 1) as UidValidity };
      await expect(fetchAll(mailbox, other)).rejects.toMatchObject({ code: 'mailbox-replaced' });
    });

    it('changes nothing of what it reads', async () => {
      const before = await world.snapshot();
      for (const path of mail.keys()) {
        const mailbox = await find(path);
        await fetchAll(mailbox, await source.listMessages(mailbox, { ...WHOLE, withDetails: true }, signal));
      }
      await source.close();
      expect(await world.snapshot()).toEqual(before);
    });
  });
};

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NEW_ACCOUNT_SETTINGS } from './accounts.ts';
import { openStore, type Store } from './store.ts';

const NOW = new Date('2026-01-02T03:04:05Z');

let store: Store;
let accountId: number;
let inbox: number;

const append = (text: string): number =>
  store.messages.append(inbox, { bytes: Buffer.from(text), flags: ['\\Flagged'], internalDate: NOW }).uid;
const texts = (): string[] =>
  store.messages
    .page(inbox, 0, 1000)
    .map(({ bodyId, sizeBytes }) => Buffer.concat([...store.messages.bodies.read(bodyId, 0, sizeBytes)]).toString());

beforeEach(() => {
  store = openStore(null, () => NOW);
  accountId = store.accounts.add('kim@example.com', '', NEW_ACCOUNT_SETTINGS);
  store.mailboxes.createStandard(accountId);
  inbox = store.mailboxes.open(accountId, 'INBOX').id;
});
afterEach(() => store.close());

describe('snapshots', () => {
  it('bring everything back as it was, as often as is wanted', () => {
    append('one');
    append('two');
    const before = {
      mailbox: store.mailboxes.byId(inbox),
      list: store.mailboxes.list(accountId),
      messages: store.messages.page(inbox, 0, 10),
    };
    const snapshot = store.snapshots.take();
    for (let time = 0; time < 3; time += 1) {
      append('three');
      store.messages.expunge(inbox, [1]);
      store.messages.flag(inbox, [2], 'replace', ['\\Seen'], null);
      store.mailboxes.create(accountId, '업무/2026');
      store.mailboxes.rename(accountId, 'Sent', 'Posted');
      store.directory.addDepartment(null, '영업');
      store.settings.set('policy', { retention: true });
      const other = store.accounts.add('lee@example.com', '', NEW_ACCOUNT_SETTINGS);
      store.mailboxes.createStandard(other);
      store.snapshots.restore(snapshot);
      expect(texts()).toEqual(['one', 'two']);
      expect(store.mailboxes.byId(inbox)).toEqual(before.mailbox);
      expect(store.mailboxes.list(accountId)).toEqual(before.list);
      expect(store.messages.page(inbox, 0, 10)).toEqual(before.messages);
      expect(store.accounts.list()).toHaveLength(1);
      expect([store.directory.departments(), store.settings.get('policy')]).toEqual([[], undefined]);
    }
  });

  it('leave counters and triggers working, and no body behind', () => {
    const snapshot = store.snapshots.take();
    append('later');
    store.snapshots.restore(snapshot);
    expect(append('again')).toBe(1);
    expect(store.mailboxes.byId(inbox)).toMatchObject({ messageCount: 1, unseenCount: 1, sizeBytes: 5 });
    const { bodyId } = store.messages.find(inbox, 1) ?? { bodyId: 0 };
    store.messages.expunge(inbox, [1]);
    expect(() => [...store.messages.bodies.read(bodyId, 0, 5)]).toThrow(/lacks its chunk/);
  });

  it('stand beside each other and end with their release', () => {
    append('one');
    const first = store.snapshots.take();
    append('two');
    const second = store.snapshots.take();
    store.messages.deleteAll(inbox);
    store.snapshots.restore(second);
    expect(texts()).toEqual(['one', 'two']);
    store.snapshots.restore(first);
    expect(texts()).toEqual(['one']);
    first.release();
    expect(() => store.snapshots.restore(first)).toThrow(RangeError);
    store.snapshots.restore(second);
    expect(texts()).toEqual(['one', 'two']);
  });
});

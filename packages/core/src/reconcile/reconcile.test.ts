import { describe, expect, it } from 'vitest';
import { type ReconciledMailbox, type ReconcileInput, reconcile, type TracedMessage } from './reconcile.ts';

type State = Parameters<ReconciledMailbox['messages']>[0];
const sha = (n: number): string => n.toString(16).padStart(64, '0');
const message = (locator: number, code: string | null = null): TracedMessage => ({
  locator,
  entryName: `${locator}.eml`,
  sha256: code === null ? sha(locator) : null,
  code,
});

const mailbox = (
  path: string,
  states: Partial<Record<State, TracedMessage[]>>,
  rest: Partial<ReconciledMailbox> = {},
): ReconciledMailbox => {
  const count = (state: State) => states[state]?.length ?? 0;
  return {
    path,
    sourceCount: null,
    unread: null,
    counts: {
      discovered: count('discovered'),
      stored: count('stored'),
      uploaded: count('uploaded'),
      filtered: count('filtered'),
      failed: count('failed'),
      vanished: count('vanished'),
      duplicate: count('duplicate'),
    },
    messages: (state) => states[state] ?? [],
    targetMailbox: path,
    ...rest,
  };
};

const run = (mailboxes: ReconciledMailbox[], manifests: [string, number][], target: Record<string, number[]> | null) => {
  const input: ReconcileInput = {
    mailboxes,
    parts: [
      {
        recorded: mailboxes.flatMap((one) =>
          (['stored', 'uploaded', 'failed'] as const).flatMap((state) =>
            [...one.messages(state)].flatMap((traced) =>
              traced.sha256 === null ? [] : { ...traced, mailbox: one.path, sha256: traced.sha256 },
            ),
          ),
        ),
        found: (async function* () {
          for (const [path, n] of manifests) yield { mailbox: path, sha256: sha(n), sizeBytes: 10 };
        })(),
      },
    ],
    target:
      target &&
      async function* (id: string) {
        for (const n of target[id] ?? []) yield { sha256: sha(n) };
      },
  };
  return reconcile(input);
};

describe('reconciliation', () => {
  it('finds no difference where everything is in its place', async () => {
    const result = await run(
      [mailbox('A', { uploaded: [message(1), message(2)] }, { sourceCount: 2 })],
      [
        ['A', 1],
        ['A', 2],
      ],
      { A: [2, 1, 99] },
    );
    expect(result.differences).toEqual([]);
    expect(result.totals).toMatchObject({ source: 2, uploaded: 2, archive: 2, archiveBytes: 20, target: 3 });
  });

  it('names a message that the target lost, and counts equal bytes as often as they were sent', async () => {
    const twins = [message(1), { ...message(2), sha256: sha(1) }];
    const result = await run(
      [mailbox('A', { uploaded: twins })],
      [
        ['A', 1],
        ['A', 1],
      ],
      { A: [1] },
    );
    expect(result.differences).toMatchObject([{ mailbox: 'A', code: 'missing-at-target', locator: 2, entryName: '2.eml' }]);
  });

  it('names what the archive lost and what it has too much, by mailbox', async () => {
    const result = await run([mailbox('A', { stored: [message(1)] })], [['B', 1]], null);
    expect(result.differences).toMatchObject([
      { mailbox: 'A', code: 'missing-in-archive', locator: 1 },
      { mailbox: 'B', code: 'unexpected-in-archive', locator: null, sha256: sha(1) },
    ]);
  });

  it('finds nothing wrong with a part whose manifest has another order', async () => {
    const result = await run(
      [mailbox('A', { stored: [message(1), message(2), message(3)] })],
      [
        ['A', 3],
        ['A', 1],
        ['A', 2],
      ],
      null,
    );
    expect(result.differences).toEqual([]);
  });

  it('names open, failed and not uploaded messages, unread mailboxes and hidden ones', async () => {
    const mailboxes = [
      mailbox('A', { discovered: [message(1)], failed: [message(2, 'message-empty')], stored: [message(3)] }, { sourceCount: 4 }),
      mailbox('B', {}, { unread: 'server-refused' }),
    ];
    const result = await run(mailboxes, [['A', 3]], { A: [] });
    expect(result.differences.map(({ mailbox: path, code, reason }) => [path, code, reason])).toEqual([
      ['A', 'open-in-ledger', null],
      ['A', 'failed', 'message-empty'],
      ['A', 'not-uploaded', null],
      ['A', 'source-count', null],
      ['B', 'mailbox-unread', 'server-refused'],
    ]);
  });

  it('lets two mailboxes share one at the target without counting it twice', async () => {
    const shared = { targetMailbox: 'T' };
    const result = await run(
      [mailbox('A', { uploaded: [message(1)] }, shared), mailbox('B', { uploaded: [message(1)] }, shared)],
      [
        ['A', 1],
        ['B', 1],
      ],
      { T: [1, 1] },
    );
    expect(result.differences).toEqual([]);
    expect(result.totals.target).toBe(2);
  });
});

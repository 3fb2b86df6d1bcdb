/**
 * Where a message stands. Every message that was ever found is in exactly one of these.
 *
 * `stored` and `uploaded` mean durable bytes: in a part file, at the target.
 * A message that the target refused is `failed` and keeps its place in the archive.
 */
export const MESSAGE_STATES = ['discovered', 'stored', 'uploaded', 'filtered', 'failed', 'vanished', 'duplicate'] as const;
export type MessageState = (typeof MESSAGE_STATES)[number];

/** The moves that the ledger allows; any other is refused by the database itself. */
export const TRANSITIONS: readonly (readonly [from: MessageState, to: MessageState])[] = [
  ['discovered', 'stored'],
  ['discovered', 'filtered'],
  ['discovered', 'failed'],
  ['discovered', 'vanished'],
  ['discovered', 'duplicate'],
  ['stored', 'uploaded'],
  ['stored', 'failed'],
  // A failure is tried again by a later run.
  ['failed', 'stored'],
  ['failed', 'uploaded'],
  ['failed', 'failed'],
  ['failed', 'vanished'],
  ['failed', 'duplicate'],
  // It may also be left out by now.
  ['failed', 'filtered'],
  // The source shows it again.
  ['vanished', 'discovered'],
  ['filtered', 'discovered'],
];

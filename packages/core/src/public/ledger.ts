export { type JobIdentity, Ledger } from '../ledger/ledger.ts';
export type { MessageState } from '../ledger/message-state.ts';

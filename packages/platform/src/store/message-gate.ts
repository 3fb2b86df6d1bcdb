/** What keeps messages out beside the rules of the store, on purpose. */
export interface MessageGate {
  /** Whether the account's quota counts as used up. */
  isFull(user: string): boolean;
  /** Whether no message may get that flag or keyword. */
  refusesFlag(flag: string): boolean;
}

export const OPEN_GATE: MessageGate = { isFull: () => false, refusesFlag: () => false };

export type { Difference, DifferenceCode, MailboxAccount, Reconciliation } from '../reconcile/reconciliation.ts';

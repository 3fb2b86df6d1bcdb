import type { MailboxAccount, Reconciliation } from '@mailferry/core/reconcile';
import type { Texts } from '../texts.ts';
import { printable } from './display-width.ts';
import { numberTable } from './table.ts';

type Totals = Reconciliation['totals'];
type Column = 'source' | 'archive' | 'uploaded' | 'failed' | 'vanished' | 'filtered' | 'duplicates' | 'discovered' | 'target';

const COLUMNS: readonly { readonly column: Column; readonly shown: (totals: Totals) => boolean }[] = [
  { column: 'source', shown: (totals) => totals.source !== null },
  { column: 'archive', shown: () => true },
  { column: 'uploaded', shown: (totals) => totals.target !== null },
  { column: 'failed', shown: () => true },
  { column: 'vanished', shown: () => true },
  { column: 'filtered', shown: () => true },
  // Rare: shown where there is something to show.
  { column: 'duplicates', shown: (totals) => totals.duplicates > 0 },
  { column: 'discovered', shown: (totals) => totals.discovered > 0 },
  { column: 'target', shown: (totals) => totals.target !== null },
];

const ABSENT = '–';

/** Lines of the table: a row for each mailbox, and the totals. */
export const reconciliationTable = ({ accounts, totals }: Reconciliation, texts: Texts, columns: number): string[] => {
  const shown = COLUMNS.filter((column) => column.shown(totals)).map(({ column }) => column);
  const cells = (account: Totals): string[] =>
    shown.map((column) => {
      const count = account[column];
      return count === null ? ABSENT : texts.number(count);
    });
  const row = (account: MailboxAccount): string[] => [printable(account.mailbox), ...cells(account)];
  const heading = [texts.text('column.mailbox'), ...shown.map((column) => texts.text(`column.${column}`))];
  return numberTable([heading, ...accounts.map(row), [texts.text('column.totals'), ...cells(totals)]], columns);
};

import type { Office } from '../office/office.ts';
import { PlatformError } from '../platform-error.ts';
import type { Account } from '../store/accounts.ts';
import type { Store } from '../store/store.ts';
import type { CsvTable } from './csv-table.ts';
import { type ReadContacts, type RejectedRow, readContacts } from './import-contacts.ts';

export interface OrgChartImport {
  /** How many accounts were placed. */
  readonly placed: number;
  readonly rejected: readonly RejectedRow[];
}

type Row = ReadContacts['contacts'][number];

const SEPARATOR = '>';

/** By address, else by `아이디` in a domain of the office that has it. */
const findAccount = (store: Store, { contact, cells }: Row): Account | null => {
  const byAddress = store.accounts.find(contact.email);
  const id = cells.get('아이디') ?? '';
  if (byAddress || id === '') return byAddress;
  const domains = store.directory.domains().filter(({ aliasOf }) => aliasOf === null);
  return domains.map(({ name }) => store.accounts.find(`${id}@${name}`)).find((account) => account !== null) ?? null;
};

/** @throws PlatformError of the office, such as `name-invalid` */
const place = (store: Store, office: Office, actor: Account, row: Row): RejectedRow | null => {
  const account = findAccount(store, row);
  if (!account) return { row: row.row, column: '이메일', reason: 'account-unknown' };
  const path = row.contact.department.split(SEPARATOR).flatMap((name) => name.trim() || []);
  const departmentId = path.length === 0 ? null : office.directory.ensureDepartment(actor, path);
  office.accounts.change(actor, account.user, { departmentId, rank: row.contact.title, name: row.contact.name });
  return null;
};

/**
 * Puts accounts into their departments, which are made where they are missing (SPEC C1, A7).
 * @throws PlatformError `csv-invalid`, `forbidden`
 */
export const importOrgChart = (store: Store, office: Office, actor: Account, table: CsvTable): OrgChartImport => {
  const { contacts, rejected } = readContacts(table, 'mailplug-org-chart');
  return store.writes.run(() => {
    const refused = contacts.flatMap((row): RejectedRow[] => {
      try {
        return [place(store, office, actor, row) ?? []].flat();
      } catch (error) {
        if (!(error instanceof PlatformError) || error.code !== 'name-invalid') throw error;
        return [{ row: row.row, column: '소속', reason: 'department-invalid' }];
      }
    });
    const all = [...rejected, ...refused].toSorted((a, b) => a.row - b.row);
    return { placed: contacts.length - refused.length, rejected: all };
  });
};

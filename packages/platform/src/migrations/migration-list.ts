import { type CsvTable, isTooLong } from '../address-book/csv-table.ts';
import type { RejectedRow } from '../address-book/import-contacts.ts';
import { splitAddress } from '../office/addresses.ts';
import { checkPassword } from '../office/password-rules.ts';
import type { OfficePolicy } from '../office/policy.ts';
import { PlatformError } from '../platform-error.ts';

/** One user of the list (SPEC M9). */
export interface MigratingUser {
  readonly row: number;
  readonly name: string;
  /** The mail id at the old hoster. */
  readonly oldId: string;
  /** Null where one is to be made up. It is not kept. */
  readonly password: string | null;
  /** The whole address of the account here. */
  readonly user: string;
  readonly department: readonly string[];
  readonly rank: string;
}

const HEADERS = {
  name: '이름',
  oldId: '기존메일아이디',
  password: '비밀번호',
  newId: '새아이디',
  department: '소속',
  rank: '직급',
} as const;

const plain = (header: string): string => header.normalize('NFC').replace(/\s/g, '');

type Column = keyof typeof HEADERS;

const readCells = (table: CsvTable, cells: readonly string[]): Record<Column, string> => {
  const cell = (column: Column): string => cells[table.headers.findIndex((header) => plain(header) === HEADERS[column])]?.trim() ?? '';
  return {
    name: cell('name'),
    oldId: cell('oldId'),
    // White space is part of a password.
    password: cells[table.headers.findIndex((header) => plain(header) === HEADERS.password)] ?? '',
    newId: cell('newId'),
    department: cell('department'),
    rank: cell('rank'),
  };
};

/** A new id may be a whole address; without one the old id's local part is taken. */
const newAddress = (newId: string, oldId: string, domain: string): string => {
  const id = newId || (oldId.split('@')[0] ?? '');
  return id.includes('@') ? id : `${id}@${domain}`;
};

const faultOf = (
  cells: Record<Column, string>,
  user: string,
  policy: OfficePolicy,
): { column: Column; reason: RejectedRow['reason'] } | null => {
  if (cells.name === '') return { column: 'name', reason: 'name-missing' };
  if (cells.oldId === '') return { column: 'oldId', reason: 'email-missing' };
  if (!splitAddress(user)) return { column: 'newId', reason: 'user-invalid' };
  try {
    if (cells.password !== '') checkPassword(cells.password, policy);
    return null;
  } catch (error) {
    if (error instanceof PlatformError) return { column: 'password', reason: 'password-weak' };
    throw error;
  }
};

/**
 * The users of a list in Mailplug's form (SPEC C8): name and old mail id are required.
 * @param domain of new ids that are no whole addresses
 * @throws PlatformError `csv-invalid` if the list lacks one of these columns
 */
export const readMigrationList = (
  table: CsvTable,
  domain: string,
  policy: OfficePolicy,
): { users: MigratingUser[]; rejected: RejectedRow[] } => {
  for (const header of [HEADERS.name, HEADERS.oldId]) {
    if (!table.headers.some((one) => plain(one) === header)) throw new PlatformError('csv-invalid', `The list lacks the column ${header}`);
  }
  const users: MigratingUser[] = [];
  const rejected: RejectedRow[] = [];
  const seen = new Set<string>();
  for (const csvRow of table.rows) {
    const { number: row, cells: raw } = csvRow;
    if (isTooLong(table, csvRow)) {
      rejected.push({ row, column: null, reason: 'too-many-cells' });
      continue;
    }
    const cells = readCells(table, raw);
    const user = newAddress(cells.newId, cells.oldId, domain);
    const fault =
      faultOf(cells, user, policy) ?? (seen.has(user.toLowerCase()) ? { column: 'newId' as const, reason: 'duplicate' as const } : null);
    seen.add(user.toLowerCase());
    if (fault) rejected.push({ row, column: HEADERS[fault.column], reason: fault.reason });
    else {
      const department = cells.department.split('>').flatMap((name) => name.trim() || []);
      users.push({ row, name: cells.name, oldId: cells.oldId, password: cells.password || null, user, department, rank: cells.rank });
    }
  }
  return { users, rejected };
};

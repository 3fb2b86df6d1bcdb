import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { MailferryError } from '../errors.ts';
import { Ledger } from '../ledger/ledger.ts';

/** Below the archive's folder, so that the folder can be moved as a whole: what only the runs need, in the clear. */
export const WORK_FOLDER = '.mailferry';
export const LEDGER_PATH = join(WORK_FOLDER, 'ledger.sqlite');

/** True when the folder holds an archive that a run can go on with. */
export const hasLedger = (directory: string): boolean => existsSync(join(directory, LEDGER_PATH));

/**
 * Opens the ledger of an archive's folder, or makes both. Locked for this run until `close`.
 * Errors: `archive-foreign-files` for a folder with other things in it, and those of `Ledger`.
 */
export const openOrMakeLedger = (directory: string): Ledger => {
  if (existsSync(directory) && !statSync(directory).isDirectory()) throw new MailferryError('archive-foreign-files', { path: directory });
  mkdirSync(directory, { recursive: true });
  if (!hasLedger(directory) && readdirSync(directory).some((name) => name !== WORK_FOLDER)) {
    throw new MailferryError('archive-foreign-files', { path: directory });
  }
  return new Ledger(join(directory, LEDGER_PATH));
};

/** Opens the ledger of an archive that is there. Errors: `archive-missing`, and those of `Ledger`. */
export const openLedger = (directory: string): Ledger => {
  if (!hasLedger(directory)) throw new MailferryError('archive-missing', { path: directory });
  return new Ledger(join(directory, LEDGER_PATH));
};

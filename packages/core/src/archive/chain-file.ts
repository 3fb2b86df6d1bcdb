import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { MailferryError } from '../errors.ts';
import { readChain, type SignedChain } from '../formats/chain.ts';

/** In the archive's folder: its parts in the order in which they were sealed. */
export const CHAIN_FILE = 'chain.jsonl';

/** Errors: `archive-missing` when there is none, `manifest-invalid` for one that can't be read. */
export const readChainFile = async (directory: string): Promise<SignedChain> => {
  const path = join(directory, CHAIN_FILE);
  if (!existsSync(path)) throw new MailferryError('archive-missing', { path: directory });
  return readChain(path);
};

import { existsSync, realpathSync } from 'node:fs';
import { MailferryError } from '../../errors.ts';
import type { MailSource } from '../mail-source.ts';
import { EmlStore } from './eml-store.ts';
import { FileSource } from './file-source.ts';
import { MaildirStore } from './maildir-store.ts';
import { ZipStore } from './zip-store.ts';

export interface FileOptions {
  readonly path: string;
  readonly streamAboveBytes: number;
  readonly messageLimitBytes: number;
}

/** A source of files of that kind. Its identity has the path without links. Errors: `source-missing`. */
export const openFiles = (scheme: 'maildir' | 'eml' | 'zip', options: FileOptions): MailSource => {
  if (!existsSync(options.path)) throw new MailferryError('source-missing', { path: options.path });
  const path = realpathSync(options.path);
  if (scheme === 'zip') return new FileSource(scheme, new ZipStore({ ...options, path }));
  const Store = scheme === 'maildir' ? MaildirStore : EmlStore;
  return new FileSource(scheme, new Store(path, options.streamAboveBytes));
};

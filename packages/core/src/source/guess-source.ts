import { open } from 'node:fs/promises';
import { extname } from 'node:path';
import { MailferryError } from '../errors.ts';
import { isFolder, readFolder, resolveRoot, walkFolders } from './files/walk-folders.ts';

const HEAD_BYTES = 8;
/** How far into a tree is looked. */
const FOLDERS_LOOKED_AT = 2000;

/** The first bytes of a file. */
const headOf = async (path: string): Promise<Buffer> => {
  const handle = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
};

const guessFile = async (path: string): Promise<string> => {
  const head = await headOf(path);
  if (head.toString('latin1').startsWith('PK')) return `zip:${path}`;
  const isGzip = head[0] === 0x1f && head[1] === 0x8b;
  if (isGzip || /^(\xef\xbb\xbf)?From /.test(head.toString('latin1')) || /^\.(mbox|mbx)$/i.test(extname(path))) return `mbox:${path}`;
  throw new MailferryError('source-unknown', { path, reason: 'it begins like neither an mbox nor a ZIP' });
};

const guessFolder = async (path: string, signal: AbortSignal): Promise<string> => {
  const top = await readFolder(path, []);
  if (top.files.includes('SHA256SUMS') && top.files.some((name) => /^part-\d+\.zip$/.test(name))) return `zip:${path}`;
  let looked = 0;
  for await (const { folders, files } of walkFolders(path, signal)) {
    if (folders.includes('cur') && folders.includes('new')) return `maildir:${path}`;
    if (files.some((name) => /\.emlx?$/i.test(name))) return `eml:${path}`;
    looked += 1;
    if (looked > FOLDERS_LOOKED_AT) break;
  }
  if (top.files.length > 0 && top.files.every((name) => /\.zip$/i.test(name))) return `zip:${path}`;
  // What is left are trees of mboxes; one that has none says so when it is opened.
  return `mbox:${path}`;
};

/**
 * The URL of mail in files, by looking at it: Maildir, a folder of `.eml` files, a ZIP or an archive, an mbox or a tree of
 * them. Errors: `source-missing`, `source-unknown`, `source-unreadable`, `cancelled`.
 */
export const guessSource = async (path: string, signal: AbortSignal): Promise<string> => {
  const root = await resolveRoot(path);
  return (await isFolder(root)) ? guessFolder(root, signal) : guessFile(root);
};

import { readdir, realpath } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { MailferryError } from '../../errors.ts';

const NUMBER = /^\d{3,}$/;

/** The path of one of several files, from 1: `-001` and so on in front of the extension. */
export const splitPath = (out: string, number: number): string => {
  const extension = extname(out);
  return `${out.slice(0, out.length - extension.length)}-${String(number).padStart(3, '0')}${extension}`;
};

/** Whether `path` may be one of the files that `out` is split into. */
export const isSplitPath = (out: string, path: string): boolean => {
  const extension = extname(out);
  const stem = `${out.slice(0, out.length - extension.length)}-`;
  return path.startsWith(stem) && path.endsWith(extension) && NUMBER.test(path.slice(stem.length, path.length - extension.length));
};

/** @throws MailferryError `option-invalid` if there is a file that could be one of those that `out` is split into */
export const checkSplitIsFree = async (out: string): Promise<void> => {
  const folder = dirname(resolve(out));
  const taken = (await readdir(folder)).find((name) => isSplitPath(resolve(out), join(folder, name)));
  if (taken === undefined) return;
  throw new MailferryError('option-invalid', { option: '--out', reason: `there is a file already that it would be split into: ${taken}` });
};

interface Outputs {
  readonly paths: readonly string[];
  readonly out: string;
  readonly rowsPerFile?: number | undefined;
  readonly details?: string | undefined;
}

/** What writing `path` writes: a file under a temporary name, that becomes the file. */
const withTemporary = (path: string): string[] => [path, `${path}.new`];

/** The path as the disk has it; the file itself need not be there. @throws MailferryError `option-invalid` */
const realPathOf = async (path: string, option: string): Promise<string> => {
  const full = resolve(path);
  try {
    return join(await realpath(dirname(full)), basename(full));
  } catch (cause) {
    throw new MailferryError('option-invalid', { option, reason: `the folder ${dirname(full)} is not there` }, { cause });
  }
};

/** Makes sure that nothing that is read is written over, and nothing is written twice. @throws MailferryError `option-invalid` */
export const checkOutputs = async ({ paths, out, rowsPerFile, details }: Outputs): Promise<void> => {
  const realOut = await realPathOf(out, '--out');
  const realDetails = details === undefined ? null : await realPathOf(details, '--details');
  const isWritten = (path: string): boolean =>
    rowsPerFile === undefined
      ? withTemporary(realOut).includes(path)
      : isSplitPath(realOut, path) || (path.endsWith('.new') && isSplitPath(realOut, path.slice(0, -'.new'.length)));
  for (const path of paths) {
    const source = await realpath(path);
    const reason = `it would be written over ${path}, which is read`;
    if (isWritten(source)) throw new MailferryError('option-invalid', { option: '--out', reason });
    if (realDetails !== null && withTemporary(realDetails).includes(source))
      throw new MailferryError('option-invalid', { option: '--details', reason });
  }
  if (realDetails !== null && withTemporary(realDetails).some(isWritten))
    throw new MailferryError('option-invalid', { option: '--details', reason: 'it is the file of --out' });
};

import { open } from 'node:fs/promises';
import type { AccountUrl } from './account-url.ts';
import type { CommandContext } from './command-context.ts';
import { optionInvalid } from './option-invalid.ts';
import { ask, canAsk } from './terminal.ts';
import type { Texts } from './texts.ts';

const LINE_BYTES_MAX = 4_096;
const OTHERS_MAY_READ = 0o044;

const reasonOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : String(error));

/** Reads up to the first line end; from a pipe that may take several reads. */
const readFirstLine = async (path: string): Promise<{ line: Buffer | null; mode: number; isFile: boolean }> => {
  await using file = await open(path, 'r');
  const stats = await file.stat();
  let line = Buffer.alloc(0);
  while (line.length <= LINE_BYTES_MAX && !line.includes('\n')) {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(LINE_BYTES_MAX + 1), 0, LINE_BYTES_MAX + 1, null);
    if (bytesRead === 0) break;
    line = Buffer.concat([line, buffer.subarray(0, bytesRead)]);
  }
  const end = line.indexOf('\n');
  const first = end < 0 ? line : line.subarray(0, end);
  return { line: first.length > LINE_BYTES_MAX ? null : first, mode: stats.mode, isFile: stats.isFile() };
};

/**
 * The first line of a file, without its line end. A file that others may read is worth a note, no more:
 * it may be a shared secret on purpose. Throws `option-invalid`.
 */
export const readPasswordFile = async (option: string, path: string, context: Pick<CommandContext, 'texts' | 'note'>): Promise<string> => {
  const { texts } = context;
  const first = await readFirstLine(path).catch((error: unknown) => {
    throw optionInvalid(option, texts.text('reason.password-file-unreadable', { cause: reasonOf(error) }));
  });
  if (first.line === null) throw optionInvalid(option, texts.text('reason.password-file-long', { limit: LINE_BYTES_MAX }));
  const password = first.line.toString('utf8').replace(/\r$/, '');
  if (password === '') throw optionInvalid(option, texts.text('reason.password-file-empty'));
  if (first.isFile && (first.mode & OTHERS_MAY_READ) !== 0) context.note(texts.text('note.password-file-open', { path }));
  return password;
};

const readVariable = (option: string, name: string, env: NodeJS.ProcessEnv, texts: Texts): string => {
  const password = env[name];
  if (!password) throw optionInvalid(option, texts.text('reason.password-variable-empty', { name }));
  return password;
};

export interface PasswordWays {
  readonly side: 'from' | 'to';
  readonly file: string | undefined;
  readonly variable: string | undefined;
}

const findPassword = async (ways: PasswordWays, account: AccountUrl, context: CommandContext): Promise<string> => {
  const { texts, terminal } = context;
  const { side, file, variable } = ways;
  if (file !== undefined && variable !== undefined) throw optionInvalid(`--${side}-password-file`, texts.text('reason.password-two-ways'));
  if (file !== undefined) return readPasswordFile(`--${side}-password-file`, file, context);
  if (variable !== undefined) return readVariable(`--${side}-password-env`, variable, terminal.env, texts);
  const name = `MAILFERRY_${side.toUpperCase()}_PASSWORD`;
  const password = terminal.env[name];
  if (password) return password;
  if (!canAsk(terminal)) throw optionInvalid(`--${side}`, texts.text('reason.password-missing', { user: account.user, side, name }));
  return ask(terminal, texts.text('ask.password', account), { echo: false, signal: context.signal });
};

/** The password of one side: from the file or variable that was named, the usual variable, or a question. Throws `option-invalid` or `cancelled`. */
export const choosePassword = async (ways: PasswordWays, account: AccountUrl, context: CommandContext): Promise<string> => {
  const password = await findPassword(ways, account, context);
  context.secrets.add(password);
  return password;
};

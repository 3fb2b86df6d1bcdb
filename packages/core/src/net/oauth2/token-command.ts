import { spawn } from 'node:child_process';
import { MailferryError, throwIfCancelled } from '../../errors.ts';
import type { TokenSource } from '../credential.ts';
import { shareToken } from './shared-token.ts';

export interface TokenCommandOptions {
  /** For the shell, as it would be typed. The first line that it prints is the token. It can't ask on the terminal. */
  readonly command: string;
  /** Default 60,000: some commands open a browser. */
  readonly timeoutMs?: number;
}

const MAX_OUTPUT_BYTES = 64 * 1024;
const MAX_COMPLAINT_CHARS = 4096;
const SHOWN_COMPLAINT_CHARS = 200;
const DEFAULT_TIMEOUT_MS = 60_000;
const ISSUER = 'the token command';
/** What a shell ends with when it finds no such command, or may not run it. */
const NEVER_STARTED: ReadonlySet<number | null> = new Set([126, 127]);

/**
 * Access tokens from a command of the user's, run once for all who ask, and again when the token is refused. Its output is shown
 * to nobody; an error ends with the last line of its standard error, without what may be a secret.
 * Errors of `token`: `token-refused` when the shell can't run the command, or the refused token comes again; `token-failed` when it
 * fails, prints no token, or takes too long.
 */
export const tokenCommand = ({ command, timeoutMs = DEFAULT_TIMEOUT_MS }: TokenCommandOptions): TokenSource =>
  shareToken({
    issuer: ISSUER,
    now: () => 0,
    make: async (signal) => ({ token: firstLine(await run(command, timeoutMs, signal)), goodUntilMs: Number.POSITIVE_INFINITY }),
  });

const failed = (reason: string): MailferryError => new MailferryError('token-failed', { issuer: ISSUER, reason });

const firstLine = (output: string): string => {
  const [line = ''] = output.split('\n', 1);
  if (line.trim() === '') throw failed('it printed nothing');
  return line.trim();
};

/** What the command prints. */
const run = async (command: string, timeoutMs: number, signal: AbortSignal): Promise<string> => {
  throwIfCancelled(signal);
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const child = spawn(command, { shell: true, stdio: ['ignore', 'pipe', 'pipe'], detached: process.platform !== 'win32' });
  const stop = (error: MailferryError): void => {
    reject(error);
    killTree(child.pid);
    // Who outlives it may hold on to them.
    child.stdout.destroy();
    child.stderr.destroy();
  };
  const timer = setTimeout(() => stop(failed(`nothing within ${timeoutMs / 1000} s`)), timeoutMs);
  const onAbort = (): void => stop(new MailferryError('cancelled', {}));
  signal.addEventListener('abort', onAbort, { once: true });
  let output = '';
  let complaint = '';
  child.stdout.on('data', (piece: Buffer) => {
    output += piece.toString('latin1');
    if (output.length > MAX_OUTPUT_BYTES) stop(failed('it printed more than a token'));
  });
  child.stderr.on('data', (piece: Buffer) => {
    complaint = (complaint + piece.toString('utf8')).slice(-MAX_COMPLAINT_CHARS);
  });
  child.on('error', (error) => reject(failed(error.message)));
  child.on('close', (code) => (code === 0 ? resolve(output) : reject(toExitError(code, complaint))));
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
};

const toExitError = (code: number | null, complaint: string): MailferryError => {
  const lastLine = withoutSecrets(complaint.trimEnd().split('\n').at(-1) ?? '');
  const reason = `it ended with ${code ?? 'a signal'}${lastLine === '' ? '' : `: ${lastLine}`}`;
  return NEVER_STARTED.has(code) ? new MailferryError('token-refused', { issuer: ISSUER, reply: reason }) : failed(reason);
};

/** Anything as long as a password or token is made comes out as `…`, and control characters as spaces. */
const withoutSecrets = (line: string): string =>
  line
    .replace(/[\w.~+/=-]{16,}/g, '…')
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, SHOWN_COMPLAINT_CHARS);

/** The shell and what it started. */
const killTree = (pid: number | undefined): void => {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
};

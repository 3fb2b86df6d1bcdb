import { spawn } from 'node:child_process';
import { MailferryError, throwIfCancelled } from '../../errors.ts';
import type { TokenSource } from '../credential.ts';

export interface TokenCommandOptions {
  /** For the shell, as it would be typed. What it prints first is the token. */
  readonly command: string;
  /** Default 60,000: some commands ask a person. */
  readonly timeoutMs?: number;
}

const MAX_OUTPUT_BYTES = 64 * 1024;
const DEFAULT_TIMEOUT_MS = 60_000;
const ISSUER = 'the token command';

/** Access tokens from a command of the user's. Its output is told to nobody; its errors only by their exit code. */
export const tokenCommand = ({ command, timeoutMs = DEFAULT_TIMEOUT_MS }: TokenCommandOptions): TokenSource => {
  let current: Promise<string> | undefined;
  return {
    token: async (signal, refused) => {
      const known = await current?.catch(() => undefined);
      if (known === undefined || known === refused) current = run(command, timeoutMs, signal);
      const token = await (current ?? run(command, timeoutMs, signal));
      if (token === refused)
        throw new MailferryError('token-refused', { issuer: ISSUER, reply: 'it gives the token again that was refused' });
      return token;
    },
  };
};

const run = async (command: string, timeoutMs: number, signal: AbortSignal): Promise<string> => {
  throwIfCancelled(signal);
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const child = spawn(command, { shell: true, stdio: ['ignore', 'pipe', 'inherit'], detached: process.platform !== 'win32' });
  const stop = (error: MailferryError): void => {
    reject(error);
    killTree(child.pid);
  };
  const failed = (reason: string): MailferryError => new MailferryError('token-failed', { issuer: ISSUER, reason });
  const timer = setTimeout(() => stop(failed(`nothing within ${timeoutMs / 1000} s`)), timeoutMs);
  const onAbort = (): void => stop(new MailferryError('cancelled', {}));
  signal.addEventListener('abort', onAbort, { once: true });
  let output = '';
  child.stdout.on('data', (piece: Buffer) => {
    output += piece.toString('utf8');
    if (output.length > MAX_OUTPUT_BYTES) stop(failed('it printed more than a token'));
  });
  child.on('error', (error) => reject(failed(error.message)));
  child.on('close', (code) => {
    const [token = ''] = output.trimStart().split(/\s/, 1);
    if (code !== 0) reject(failed(`it ended with ${code ?? 'a signal'}`));
    else if (token === '') reject(failed('it printed nothing'));
    else resolve(token);
  });
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
};

/** The shell and what it started. */
const killTree = (pid: number | undefined): void => {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
};

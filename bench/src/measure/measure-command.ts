import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { text } from 'node:stream/consumers';

/** What one run of a command took. */
export interface Usage {
  readonly wallSeconds: number;
  /** User and system time of the command and all that it started. */
  readonly cpuSeconds: number;
  /** Of the biggest single process. */
  readonly peakRssBytes: number;
}

export interface Measured {
  readonly usage: Usage;
  readonly stdout: string;
}

export interface CommandOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Ends the command and all that it started. */
  readonly signal: AbortSignal;
}

const STDERR_SHOWN = 2_000;

/**
 * Runs a command to its end. GNU time stands between, because a process inherits the peak RSS of the one
 * that started it, and ours holds the mail. Throws for any exit code but 0.
 */
export const measureCommand = async (command: readonly string[], { env = {}, signal }: CommandOptions): Promise<Measured> => {
  signal.throwIfAborted();
  const directory = await mkdtemp(join(tmpdir(), 'mailferry-bench-time-'));
  const resources = join(directory, 'resources');
  try {
    const startedAt = performance.now();
    const child = spawn('time', ['-q', '-f', '%U %S %M', '-o', resources, ...command], {
      env: { ...process.env, LC_ALL: 'C.UTF-8', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const stop = (): void => {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
    };
    signal.addEventListener('abort', stop, { once: true });
    const [[exitCode], stdout, stderr] = await Promise.all([once(child, 'exit'), text(child.stdout), text(child.stderr)]);
    const wallSeconds = (performance.now() - startedAt) / 1000;
    signal.removeEventListener('abort', stop);
    signal.throwIfAborted();
    if (exitCode !== 0)
      throw new Error(`${command.join(' ')} ended with ${exitCode}: ${stderr.slice(-STDERR_SHOWN)}${stdout.slice(-STDERR_SHOWN)}`);
    const [user = 0, system = 0, peakKib = 0] = (await readFile(resources, 'utf8')).trim().split(' ').map(Number);
    return { usage: { wallSeconds, cpuSeconds: user + system, peakRssBytes: peakKib * 1024 }, stdout };
  } finally {
    await rm(directory, { recursive: true });
  }
};

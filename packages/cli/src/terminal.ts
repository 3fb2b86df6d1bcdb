import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { MailferryError } from '@mailferry/core/errors';

/** What surrounds a run. Passed in, so that a test can stand in for a terminal. */
export interface Terminal {
  readonly env: NodeJS.ProcessEnv;
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
}

export type OutputStream = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };

/** True when a person can be asked: questions are written to stderr, so that stdout stays clean. */
export const canAsk = (terminal: Terminal): boolean => terminal.stdin.isTTY === true && terminal.stderr.isTTY === true;

/**
 * Asks one question and gives the answer's line. With `echo: false` nothing that is typed is shown.
 * Ctrl-C, Ctrl-D and an abort throw `cancelled`.
 */
export const ask = async (terminal: Terminal, question: string, options: { echo: boolean; signal: AbortSignal }): Promise<string> => {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  if (!options.echo) terminal.stderr.write(question);
  const lines = createInterface({
    input: terminal.stdin,
    output: options.echo ? terminal.stderr : nowhere,
    terminal: true,
    historySize: 0,
  });
  const given = new AbortController();
  lines.once('SIGINT', () => given.abort());
  lines.once('close', () => given.abort());
  try {
    return await lines.question(options.echo ? question : '', { signal: AbortSignal.any([options.signal, given.signal]) });
  } catch (cause) {
    if (options.echo) terminal.stderr.write('\n');
    throw new MailferryError('cancelled', {}, { cause });
  } finally {
    lines.close();
    if (!options.echo) terminal.stderr.write('\n');
  }
};

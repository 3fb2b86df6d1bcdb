import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tokenCommand } from './token-command.ts';

const { signal } = new AbortController();

describe('tokens by a command', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mailferry-token-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const runsOf = async (): Promise<number> => (await readFile(join(folder, 'runs'), 'utf8')).split('\n').length - 1;

  it('are its first line; one run serves all until the token is refused', async () => {
    const source = tokenCommand({ command: `echo run >>${folder}/runs; echo "  t$$  "; echo more` });
    const [first = '', second] = await Promise.all([source.token(signal), source.token(signal)]);
    expect(first).toMatch(/^t\d+$/);
    expect(second).toBe(first);
    expect(await source.token(signal)).toBe(first);
    expect(await runsOf()).toBe(1);
    const [renewed, shared] = await Promise.all([source.token(signal, first), source.token(signal, first)]);
    expect(renewed).not.toBe(first);
    expect(shared).toBe(renewed);
    expect(await runsOf()).toBe(2);
  });

  it('that are refused and come again are given up', async () => {
    const source = tokenCommand({ command: `echo run >>${folder}/runs; echo same` });
    expect(await source.token(signal)).toBe('same');
    await expect(source.token(signal, 'same')).rejects.toMatchObject({ code: 'token-refused' });
    await expect(source.token(signal, 'same')).rejects.toMatchObject({ code: 'token-refused' });
    expect(await runsOf()).toBe(2);
  });

  it.each([
    ['exit 3', 'token-failed', 'it ended with 3'],
    ['kill -9 $$', 'token-failed', 'it ended with a signal'],
    ['echo token; echo first >&2; echo invalid_grant >&2; exit 1', 'token-failed', 'it ended with 1: invalid_grant'],
    ['true', 'token-failed', 'it printed nothing'],
    ['echo; echo token', 'token-failed', 'it printed nothing'],
    ['echo Sign in at https://example.com/', 'token-failed', 'no token'],
    ['yes', 'token-failed', 'more than a token'],
    ['./no-such-command', 'token-refused', 'it ended with 127'],
  ])('%s: %s, %s', async (command, code, reason) => {
    const error: unknown = await tokenCommand({ command })
      .token(signal)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code, message: expect.stringContaining(reason) });
  });

  it('are in no error, and neither is anything else that looks secret', async () => {
    const secret = 'ya29.A0ARrdaM-SECRET/with+base64=';
    const command = `echo ${secret}; printf 'refused: token=%s\\033[31m for kim\\n' ${secret} >&2; exit 1`;
    const error: unknown = await tokenCommand({ command })
      .token(signal)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ details: { reason: 'it ended with 1: refused: … [31m for kim' } });
    expect(error).not.toHaveProperty('cause');
  });

  it('take no longer than they may, and nothing of the command is left behind', async () => {
    const command = `(sleep 1; touch ${folder}/late) & wait`;
    await expect(tokenCommand({ command, timeoutMs: 100 }).token(signal)).rejects.toMatchObject({
      code: 'token-failed',
      details: { reason: 'nothing within 0.1 s' },
    });
    await sleep(1200);
    expect(existsSync(join(folder, 'late'))).toBe(false);
  });

  it('are not waited for when the run is stopped', async () => {
    const stop = new AbortController();
    const waiting = tokenCommand({ command: `sleep 1; touch ${folder}/late` }).token(stop.signal);
    await sleep(50);
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
    await sleep(1200);
    expect(existsSync(join(folder, 'late'))).toBe(false);
  });
});

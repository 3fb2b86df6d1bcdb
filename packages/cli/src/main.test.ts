import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';

// The built program, started as a user starts it. A preload stands in for what can't be brought about from outside.
const PROGRAM = new URL('../bin/mailferry.js', import.meta.url).pathname;

const OLD_NODE = `Object.defineProperty(process, 'versions', { value: { ...process.versions, napi: '9' } })`;

/** Lets \`mailferry verify\` run \`body\` in place of its own code. */
const verifyThat = (body: string): string => `
  import { registerHooks } from 'node:module';
  registerHooks({
    load: (url, context, next) => url.endsWith('/commands/verify.js')
      ? { format: 'module', shortCircuit: true, source: ${JSON.stringify(`export const runVerify = (args, { note, signal }) => { ${body} };`)} }
      : next(url, context),
  });`;

const start = (args: readonly string[], preload: string, env: NodeJS.ProcessEnv = {}) => {
  const child = spawn(process.execPath, ['--import', `data:text/javascript,${encodeURIComponent(preload)}`, PROGRAM, ...args], {
    env: { PATH: process.env.PATH, LANG: 'C', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close') as Promise<[code: number | null, signal: NodeJS.Signals | null]>;
  return { child, ended, stdout: text(child.stdout), stderr: text(child.stderr) };
};

const untilWritten = async ({ stderr }: ChildProcess, expected: string): Promise<void> => {
  for (let seen = ''; !seen.includes(expected); ) seen += String((await once(stderr as NodeJS.ReadableStream, 'data'))[0]);
};

describe('the program', () => {
  it.each([
    ['en_US.UTF-8', /needs Node\.js 22\.14 or newer/],
    ['ko_KR.UTF-8', /Node\.js 22\.14 이상이 필요합니다/],
  ])('says plainly that Node.js is too old (%s)', async (LANG, expected) => {
    const { ended, stdout, stderr } = start(['--help'], OLD_NODE, { LANG });
    expect(await ended).toEqual([1, null]);
    expect(await stderr).toMatch(expected);
    expect(await stdout).toBe('');
  });

  it('fails when the event loop runs empty without a result', async () => {
    const { ended, stderr } = start(['verify', 'x'], verifyThat('return new Promise(() => {})'));
    expect(await ended).toEqual([1, null]);
    expect(await stderr).toContain('ended without a result [internal]');
  });

  it('ends although something was left open', async () => {
    const report = `{ kind: 'verify', path: 'x', partCount: 0, entryCount: 0, sizeBytes: 0, damages: [] }`;
    const { ended, stdout } = start(
      ['verify', 'x', '--json'],
      verifyThat(`setInterval(() => {}, 1000); return Promise.resolve(${report})`),
    );
    expect(await ended).toEqual([0, null]);
    expect(JSON.parse(await stdout)).toMatchObject({ kind: 'verify', exitCode: 0 });
  });

  it('stops cleanly on the first signal', async () => {
    const body = `const open = setInterval(() => {}, 1000); note('at work');
      return new Promise((_, reject) => signal.onabort = () => { clearInterval(open); reject(signal.reason); })`;
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      const run = start(['verify', 'x'], verifyThat(body));
      await untilWritten(run.child, 'at work');
      run.child.kill(signal);
      expect(await run.ended).toEqual([130, null]);
      expect(await run.stderr).toMatch(/Stopping\..*Stopped on request \[cancelled\]/s);
    }
  });

  it('is killed by the second signal', async () => {
    const run = start(['verify', 'x'], verifyThat(`setInterval(() => {}, 1000); note('at work'); return new Promise(() => {})`));
    await untilWritten(run.child, 'at work');
    run.child.kill('SIGINT');
    await untilWritten(run.child, 'Stopping.');
    run.child.kill('SIGINT');
    expect(await run.ended).toEqual([null, 'SIGINT']);
  });
});

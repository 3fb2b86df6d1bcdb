import { describe, expect, it } from 'vitest';
import { type FreshToken, shareToken } from './shared-token.ts';

const { signal } = new AbortController();

/** A maker whose runs the test ends by hand. */
const byHand = (nowMs: () => number = () => 0) => {
  const runs: { readonly signal: AbortSignal; end(token: string, goodUntilMs?: number): void; fail(error: Error): void }[] = [];
  const make = (runSignal: AbortSignal): Promise<FreshToken> => {
    const { promise, resolve, reject } = Promise.withResolvers<FreshToken>();
    runSignal.addEventListener('abort', () => reject(new Error('aborted')));
    runs.push({ signal: runSignal, end: (token, goodUntilMs = 1000) => resolve({ token, goodUntilMs }), fail: reject });
    return promise;
  };
  return { runs, source: shareToken({ issuer: 'the test', now: nowMs, make }) };
};

describe('a shared token', () => {
  it('is made once for all who ask meanwhile, and kept until it runs out', async () => {
    let nowMs = 0;
    const { runs, source } = byHand(() => nowMs);
    const asked = [source.token(signal), source.token(signal), source.token(signal, 'older')];
    runs[0]?.end('t1', 1000);
    expect(await Promise.all(asked)).toEqual(['t1', 't1', 't1']);
    nowMs = 999;
    expect(await source.token(signal)).toBe('t1');
    expect(runs).toHaveLength(1);
    nowMs = 1000;
    const renewed = source.token(signal);
    runs[1]?.end('t2', 2000);
    expect(await renewed).toBe('t2');
  });

  it('is made anew once when several connections report the same refusal', async () => {
    const { runs, source } = byHand();
    const first = source.token(signal);
    runs[0]?.end('t1');
    await first;
    const renewed = [source.token(signal, 't1'), source.token(signal, 't1')];
    runs[1]?.end('t2');
    expect(await Promise.all(renewed)).toEqual(['t2', 't2']);
    expect(await source.token(signal, 't1')).toBe('t2');
    expect(runs).toHaveLength(2);
  });

  it('that comes again after a refusal is given up without another try, until somebody asks afresh', async () => {
    const { runs, source } = byHand();
    const refused = source.token(signal, 't1');
    runs[0]?.end('t1');
    await expect(refused).rejects.toMatchObject({ code: 'token-refused' });
    await expect(source.token(signal, 't1')).rejects.toMatchObject({ code: 'token-refused' });
    expect(runs).toHaveLength(1);
    const afresh = source.token(signal);
    runs[1]?.end('t2');
    expect(await afresh).toBe('t2');
  });

  it('is not lost to the others when one of them is cancelled', async () => {
    const { runs, source } = byHand();
    const stop = new AbortController();
    const cancelled = source.token(stop.signal);
    const waiting = source.token(signal);
    stop.abort();
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
    expect(runs[0]?.signal.aborted).toBe(false);
    runs[0]?.end('t1');
    expect(await waiting).toBe('t1');
  });

  it('is no longer made when the last one was cancelled; the next one starts over', async () => {
    const { runs, source } = byHand();
    const stop = new AbortController();
    const cancelled = [source.token(stop.signal), source.token(stop.signal)];
    stop.abort();
    for (const one of cancelled) await expect(one).rejects.toMatchObject({ code: 'cancelled' });
    expect(runs[0]?.signal.aborted).toBe(true);
    await expect(source.token(stop.signal)).rejects.toMatchObject({ code: 'cancelled' });
    const next = source.token(signal);
    expect(runs).toHaveLength(2);
    runs[1]?.end('t1');
    expect(await next).toBe('t1');
  });

  it('that could not be made fails all who wait, and is tried again for the next', async () => {
    const { runs, source } = byHand();
    const failing = [source.token(signal), source.token(signal)];
    runs[0]?.fail(new Error('no'));
    for (const one of failing) await expect(one).rejects.toThrow('no');
    const next = source.token(signal);
    runs[1]?.end('t1');
    expect(await next).toBe('t1');
  });

  it.each(['', 'two words', 'line\nend', 'x\x01auth=Bearer y', 'é'])('%j is none', async (text) => {
    const { runs, source } = byHand();
    const asked = source.token(signal);
    runs[0]?.end(text);
    await expect(asked).rejects.toMatchObject({ code: 'token-failed' });
  });
});

import { PassThrough } from 'node:stream';
import type { Progress } from '@mailferry/core/operations';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { textsOf } from '../texts.ts';
import { displayWidth } from './display-width.ts';
import { openProgressDisplay } from './progress-display.ts';

const fetching = (messagesDone: number, more: Partial<Progress> = {}): Progress => ({
  phase: 'fetching',
  messagesDone,
  messagesTotal: 6_312,
  bytesDone: messagesDone * 10_000,
  bytesTotal: 63_120_000,
  current: '보낸메일함',
  waitingUntil: null,
  ...more,
});

const open = (options: { columns?: number; quiet?: boolean; language?: 'en' | 'ko' } = {}) => {
  const stream = new PassThrough();
  const terminal = options.columns === undefined ? stream : Object.assign(stream, { isTTY: true, columns: options.columns });
  const display = openProgressDisplay(terminal, textsOf(options.language ?? 'en'), options.quiet ?? false);
  return { display, written: () => String(stream.read() ?? '') };
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('progress on a terminal', () => {
  it('is one line with messages, time left, bytes, rates and the mailbox', () => {
    const { display, written } = open({ columns: 120 });
    for (let second = 0; second <= 30; second += 1) {
      display.onProgress(fetching(second * 100));
      vi.advanceTimersByTime(1_000);
    }
    const last = written().split('\r\x1b[K').at(-1);
    expect(last).toBe('Fetching 47% · 3,000/6,312 messages · 0:34 left · 30 MB/63 MB · 99 messages/s · 988 kB/s · 보낸메일함');
  });

  it('says until when it waits, as the server asks, and keeps the other figures', () => {
    const { display, written } = open({ columns: 120 });
    const waitingUntil = new Date(2024, 2, 5, 14, 5, 10);
    display.onProgress(fetching(1_234, { waitingUntil }));
    expect(written()).toContain('Fetching 19% · waiting until 14:05:10, as the server asks · 1,234/6,312 messages · ');
    const korean = open({ columns: 80, language: 'ko' });
    korean.display.onProgress(fetching(1_234, { waitingUntil }));
    expect(korean.written()).toContain('받는 중 19% · 서버 요청으로 14:05:10까지 대기 · 1,234/6,312통 · ');
  });

  it('fits into a narrow terminal, with wide characters counted as two columns', () => {
    const { display, written } = open({ columns: 30, language: 'ko' });
    display.onProgress(fetching(1_234));
    const line = written().replace('\r\x1b[K', '');
    expect(line).toBe('받는 중 19% · 1,234/6,312통 …');
    expect(displayWidth(line)).toBeLessThan(30);
  });

  it('is not drawn more than ten times a second, and goes on by itself', () => {
    const { display, written } = open({ columns: 80 });
    for (let message = 0; message < 100; message += 1) {
      display.onProgress(fetching(message));
      vi.advanceTimersByTime(10);
    }
    const redraws = written().split('\r\x1b[K').length - 1;
    expect(redraws).toBeGreaterThanOrEqual(10);
    expect(redraws).toBeLessThanOrEqual(12);
    vi.advanceTimersByTime(1_000);
    expect(written()).toContain('Fetching');
  });

  it('keeps a note above the line, and leaves nothing behind', () => {
    const { display, written } = open({ columns: 80 });
    display.onProgress(fetching(1));
    written();
    display.note('Note');
    expect(written().startsWith('\r\x1b[KNote\n\r\x1b[KFetching')).toBe(true);
    display.close();
    expect(written()).toBe('\r\x1b[K');
    vi.advanceTimersByTime(5_000);
    expect(written()).toBe('');
  });

  it('keeps escape sequences in mailbox names from the terminal', () => {
    const { display, written } = open({ columns: 200 });
    display.onProgress(fetching(1, { current: 'a\x1b[2Jb' }));
    expect(written()).toContain('a\ufffd[2Jb');
  });
});

describe('progress without a terminal', () => {
  it('is a plain line for each phase and every ten seconds', () => {
    const { display, written } = open();
    display.onProgress(fetching(0, { phase: 'listing', messagesTotal: 0, bytesTotal: 0, current: null }));
    for (let second = 0; second < 25; second += 1) {
      display.onProgress(fetching(second * 10));
      vi.advanceTimersByTime(1_000);
    }
    display.close();
    expect(written().trimEnd().split('\n')).toEqual([
      'Listing',
      'Fetching 0% · 0/6,312 messages · 0 B/63 MB · 보낸메일함',
      'Fetching 1% · 100/6,312 messages · 10:21 left · 1.0 MB/63 MB · 10 messages/s · 100 kB/s · 보낸메일함',
      'Fetching 3% · 200/6,312 messages · 10:11 left · 2.0 MB/63 MB · 10 messages/s · 100 kB/s · 보낸메일함',
    ]);
  });

  it('is nothing but notes when it was asked to be quiet', () => {
    const { display, written } = open({ quiet: true, columns: 80 });
    display.onProgress(fetching(1));
    display.note('Note');
    expect(written()).toBe('Note\n');
  });
});

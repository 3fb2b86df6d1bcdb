import type { ProbeReport } from '@mailferry/core/operations';
import { describe, expect, it } from 'vitest';
import { exitCodeOfReport } from '../exit-code.ts';
import { Secrets } from '../secrets.ts';
import { textsOf } from '../texts.ts';
import { displayWidth } from './display-width.ts';
import { reportText } from './report.ts';

type Mailbox = ProbeReport['mailboxes'][number];

// Core gives paths a brand; a report is only read here.
const mailbox = (path: string, messages: number, more: object = {}): Mailbox =>
  ({ path, specialUse: null, messages, bytes: messages * 40_000, largestBytes: 2_500_000, unread: null, ...more }) as Mailbox;

const probe = (more: Partial<ProbeReport> = {}): ProbeReport => ({
  kind: 'probe',
  source: 'imap:kim@mail.example',
  facts: {
    protocol: 'IMAP',
    security: 'tls',
    capabilities: ['CONDSTORE', 'IDLE', 'IMAP4REV1', 'MOVE', 'NAMESPACE', 'SPECIAL-USE', 'UIDPLUS'],
  },
  mailboxes: [mailbox('INBOX', 1_000, { specialUse: '\\Inbox' }), mailbox('보낸메일함', 12, { specialUse: '\\Sent' })],
  messages: 1_012,
  bytes: 40_480_000,
  largestBytes: 2_500_000,
  sample: { messages: 50, bytes: 2_000_000, seconds: 0.5 },
  estimatedSeconds: 11,
  notices: [{ code: 'suspicious-1000', details: { mailbox: 'INBOX' } }],
  ...more,
});
const render = (report: ProbeReport, language: 'en' | 'ko' = 'en', columns = 80): string =>
  reportText(report, textsOf(language), new Secrets(), columns);

describe('what a probe saw', () => {
  it('is shown with mailboxes, server, time and what to know, in English', () => {
    expect(render(probe())).toMatchInlineSnapshot(`
      "Mailbox           Messages    Size  Largest
      ───────────────────────────────────────────
      INBOX                1,000   40 MB   2.5 MB
      보낸메일함 \\Sent        12  480 kB   2.5 MB
      ───────────────────────────────────────────
      Total                1,012   40 MB   2.5 MB

      Source              imap:kim@mail.example
      Connection          IMAP, TLS
      Capabilities        CONDSTORE IDLE IMAP4REV1 MOVE NAMESPACE SPECIAL-USE UIDPLUS
      Time for all of it  about 0:11, at 4.0 MB/s

      Good to know (1):
        INBOX lists exactly 1,000 messages: the provider may show only the newest
          1,000, so the copy may be incomplete [suspicious-1000]

      Nothing was copied or changed.
      "
    `);
  });

  it('is shown in Korean', () => {
    expect(render(probe(), 'ko')).toMatchInlineSnapshot(`
      "메일함             메일    크기  가장 큰 메일
      ─────────────────────────────────────────────
      INBOX             1,000   40 MB        2.5 MB
      보낸메일함 \\Sent     12  480 kB        2.5 MB
      ─────────────────────────────────────────────
      합계              1,012   40 MB        2.5 MB

      원본            imap:kim@mail.example
      연결            IMAP, TLS 연결
      지원 기능       CONDSTORE IDLE IMAP4REV1 MOVE NAMESPACE SPECIAL-USE UIDPLUS
      전체 예상 시간  약 0:11, 초당 4.0 MB

      알아 두실 점 (1건):
        INBOX에 정확히 1,000통이 있습니다. 최근 1,000통만 보여 주는 서비스일 수
          있으므로 빠진 메일이 있을 수 있습니다 [suspicious-1000]

      복사하거나 바꾼 것은 없습니다.
      "
    `);
  });

  it.each(['en', 'ko'] as const)('fits into 80 columns (%s)', (language) => {
    const lines = render(probe({ mailboxes: [mailbox('아주 긴 이름의 프로젝트 메일함/'.repeat(5), 3)] }), language).split('\n');
    expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(80);
  });

  it('has no time where nothing could be fetched to learn the pace, and no capabilities of files', () => {
    const facts = { protocol: 'mbox', security: 'local', capabilities: [] } as const;
    const text = render(probe({ facts, sample: null, estimatedSeconds: null, notices: [] }));
    expect(text).toContain('Connection  mbox, on this machine\n\nNothing was copied');
    expect(text).not.toMatch(/Time for|Capabilities|Good to know/);
  });

  it('names what could not be read, and ends with 3', () => {
    const report = probe({ mailboxes: [mailbox('Shared', 0, { unread: 'server-refused' })] });
    expect(render(report)).toContain('Shared [server-refused] ');
    expect(exitCodeOfReport(report)).toBe(3);
    expect(exitCodeOfReport(probe())).toBe(0);
  });

  it('keeps escape sequences of a server from the terminal', () => {
    const facts = { protocol: 'IMAP', security: 'plain', capabilities: ['\x1b[2J'] } as const;
    expect(render(probe({ facts, mailboxes: [mailbox('a\x1b[2Jb', 1)] }))).not.toContain('\x1b');
  });
});

import type { FailedMessage, MigrationReport, UploadReport } from '@mailferry/core/operations';
import type { Difference, MailboxAccount, Reconciliation } from '@mailferry/core/reconcile';
import { describe, expect, it } from 'vitest';
import { Secrets } from '../secrets.ts';
import { textsOf } from '../texts.ts';
import { reportJson } from './json.ts';
import { reportText } from './report.ts';

const account = (mailbox: string, count: number, more: Partial<MailboxAccount> = {}): MailboxAccount => ({
  mailbox,
  source: count,
  discovered: 0,
  stored: 0,
  uploaded: count,
  filtered: 0,
  failed: 0,
  vanished: 0,
  duplicates: 0,
  archive: count,
  archiveBytes: count * 1_000,
  target: count,
  ...more,
});

const failure = (locator: number, more: Partial<FailedMessage> = {}): FailedMessage => ({
  mailbox: 'INBOX',
  locator,
  entryName: `INBOX/${locator}.eml`,
  code: 'upload-entry-refused',
  details: { reply: 'quota exceeded' },
  ...more,
});

const difference = (locator: number, more: Partial<Difference> = {}): Difference => ({
  mailbox: 'INBOX',
  code: 'failed',
  locator,
  entryName: `INBOX/${locator}.eml`,
  sha256: null,
  reason: 'upload-entry-refused',
  ...more,
});

const migration = (reconciliation: Partial<Reconciliation> = {}, more: Partial<MigrationReport> = {}): MigrationReport => ({
  kind: 'migrate',
  directory: '/mail/kim',
  target: 'platform:kim@new.example',
  mailboxCount: 2,
  fetchedMessages: 1_216,
  fetchedBytes: 1_216_000,
  uploadedMessages: 1_216,
  uploadedParts: 2,
  sealedParts: [],
  removedMessages: 0,
  notices: [],
  failed: [],
  reconciliation: {
    accounts: [account('INBOX', 1_204), account('보낸메일함', 12)],
    totals: account('', 1_216),
    differences: [],
    ...reconciliation,
  },
  ...more,
});

const render = (report: Parameters<typeof reportText>[0], language: 'en' | 'ko' = 'en', secrets = new Secrets()): string =>
  reportText(report, textsOf(language), secrets, 120);

describe('the report', () => {
  it('shows where every message is, in English', () => {
    expect(render(migration())).toMatchInlineSnapshot(`
      "Mailbox     Source  Archived  Uploaded  Failed  Vanished  Filtered  Target
      ──────────────────────────────────────────────────────────────────────────
      INBOX        1,204     1,204     1,204       0         0         0   1,204
      보낸메일함      12        12        12       0         0         0      12
      ──────────────────────────────────────────────────────────────────────────
      Total        1,216     1,216     1,216       0         0         0   1,216

      Messages fetched in this run   1,216 (1.2 MB)
      Parts sealed in this run       0
      Messages uploaded in this run  1,216 (parts: 2)
      Archive                        /mail/kim
      Target                         platform:kim@new.example

      Every message found is accounted for. In the archive: 1,216, at the target: 1,216.
      "
    `);
  });

  it('shows where every message is, in Korean', () => {
    expect(render(migration(), 'ko')).toMatchInlineSnapshot(`
      "메일함       원본  아카이브  업로드  실패  사라짐  제외   대상
      ──────────────────────────────────────────────────────────────
      INBOX       1,204     1,204   1,204     0       0     0  1,204
      보낸메일함     12        12      12     0       0     0     12
      ──────────────────────────────────────────────────────────────
      합계        1,216     1,216   1,216     0       0     0  1,216

      이번에 받은 메일         1,216통 (1.2 MB)
      이번에 봉인한 분할 파일  0
      이번에 업로드한 메일     1,216통 (분할 파일 2개)
      아카이브                 /mail/kim
      대상                     platform:kim@new.example

      찾은 메일을 모두 확인했습니다. 아카이브에 1,216통, 대상에 1,216통이 있습니다.
      "
    `);
  });

  it('tells what people should know before what failed, and that alone is no failure', () => {
    const notices = [{ code: 'not-removed', details: { mailbox: 'INBOX', count: 1_500, reason: 'the source keeps them' } }] as const;
    const text = render(migration({}, { notices, removedMessages: 1_200, failed: [failure(7)] }));
    expect(text).toMatch(/\nMessages deleted at the source +1,200\n/);
    expect(text).toMatch(/\n\nGood to know \(1\):\n {2}INBOX: 1,500 messages .*: the source keeps them \[not-removed\]\n\nProblems \(1\):/);
    const fine = migration({}, { notices });
    expect(render(fine, 'ko')).toContain('  INBOX: 1,500통을 원본에서 삭제하지 않았습니다: 원본에 그대로 남아 있습니다 [not-removed]\n');
    expect(JSON.parse(reportJson(fine, new Secrets()))).toMatchObject({ notices, removedMessages: 0, exitCode: 0 });
  });

  it('shows the first 20 notices and counts the others', () => {
    const notices = Array.from({ length: 45 }, (_, at) => ({ code: 'mailbox-gone', details: { mailbox: `M${at + 1};` } }) as const);
    const text = render(migration({}, { notices }));
    expect(text).toContain('M20;');
    expect(text).not.toContain('M21;');
    expect(text).toContain('… and 25 more, see --json');
  });

  it('says so when there was nothing to do', () => {
    const idle = migration({}, { fetchedMessages: 0, fetchedBytes: 0, uploadedMessages: 0, uploadedParts: 0 });
    expect(render(idle)).toMatch(/\nNothing to do\. Every message found is accounted for\. .*1,216.*\n$/);
    expect(render(idle, 'ko')).toMatch(/\n할 일이 없습니다\. .*1,216통.*\n$/);
  });

  it('names failures of this run with their details, and those of earlier runs with their code', () => {
    const text = render(migration({ differences: [difference(7), difference(9)] }, { failed: [failure(7)] }));
    expect(text).toContain('Problems (2):');
    expect(text).toContain('  INBOX, message 7: The target refused it: quota exceeded [upload-entry-refused]\n      INBOX/7.eml\n');
    expect(text).toContain('  INBOX, message 9: failed [upload-entry-refused]\n');
    expect(text).toMatch(/\nNot complete\. Problems: 2, see above\. Everything else is in place\.\n$/);
  });

  it('shows the first 20 problems and counts the others', () => {
    const text = render(migration({}, { failed: Array.from({ length: 45 }, (_, at) => failure(at + 1)) }));
    expect(text).toContain('message 20:');
    expect(text).not.toContain('message 21:');
    expect(text).toContain('… and 25 more, see --json');
  });

  it('tells differences from failures', () => {
    const text = render(migration({ differences: [difference(7, { code: 'missing-at-target', reason: null })] }), 'ko');
    expect(text).toContain('INBOX, 메일 7: 업로드했다고 기록되어 있지만 대상에 없습니다 [missing-at-target]');
    expect(text).toMatch(/일치하지 않습니다\. 위와 같이 문제가 1건 있습니다\./);
  });

  it('leaves out columns that the run could not know, and adds rare ones that count', () => {
    const unknown = { source: null, target: null, discovered: 2 };
    const [heading, , row] = render(migration({ accounts: [account('INBOX', 3, unknown)], totals: account('', 3, unknown) })).split('\n');
    expect(heading).toBe('Mailbox  Archived  Failed  Vanished  Filtered  Open');
    expect(row).toBe('INBOX           3       0         0         0     2');
  });

  it('keeps passwords and escape sequences of a server to itself', () => {
    const secrets = new Secrets();
    secrets.add('s3cret');
    const report = migration({}, { failed: [failure(7, { details: { reply: 'no \x1b[2J s3cret' } })] });
    expect(render(report, 'en', secrets)).toContain('The target refused it: no \ufffd[2J *** [');
    expect(reportJson(report, secrets)).not.toContain('s3cret');
  });

  it('of a single ZIP has no table', () => {
    const upload: UploadReport = { kind: 'upload', target: 't', uploadedMessages: 3, uploadedParts: 1, failed: [], reconciliation: null };
    expect(render(upload)).toBe(
      'Messages uploaded in this run  3 (parts: 1)\nTarget                         t\n\nThe target took everything in the ZIP: 3.\n',
    );
  });

  it('of verify names the damage', () => {
    const whole = {
      kind: 'verify',
      path: '/mail/kim',
      partCount: 2,
      entryCount: 9,
      sizeBytes: 12_345,
      head: null,
      signedBy: null,
      isOpened: true,
      damages: [],
    } as const;
    expect(render(whole)).toMatch(/\nThe archive is whole: every byte is as it was recorded\.\n$/);
    const damage = { part: 'a.zip', entryName: 'INBOX/1.eml', code: 'entry-content', detail: 'SHA-256 differs' } as const;
    const text = render({ ...whole, damages: [damage] });
    expect(text).toContain('  INBOX/1.eml: the message is not what was recorded [entry-content]\n      a.zip: SHA-256 differs\n');
    expect(text).toMatch(/\nThe archive is damaged\. Problems: 1, .*\n$/);
    expect(render({ ...whole, partCount: 0, entryCount: 0 })).toMatch(/nothing in the archive/);
  });

  it('is one JSON document with the exit code', () => {
    const report = migration({ differences: [difference(7)] });
    expect(JSON.parse(reportJson(report, new Secrets()))).toEqual({ ...report, exitCode: 3 });
  });
});

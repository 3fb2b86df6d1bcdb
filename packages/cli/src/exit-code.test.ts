import { ERROR_KINDS, type ErrorCode } from '@mailferry/core/errors';
import type { BackupReport, VerifyReport } from '@mailferry/core/operations';
import type { Difference, DifferenceCode } from '@mailferry/core/reconcile';
import { describe, expect, it } from 'vitest';
import { EXIT_CODES, exitCodeOfError, exitCodeOfReport } from './exit-code.ts';

const totals = {
  source: 1,
  discovered: 0,
  stored: 1,
  uploaded: 0,
  filtered: 0,
  failed: 0,
  vanished: 0,
  duplicates: 0,
  archive: 1,
  archiveBytes: 9,
  target: null,
};
const difference = (code: DifferenceCode): Difference => ({
  mailbox: 'INBOX',
  code,
  locator: 1,
  entryName: null,
  sha256: null,
  reason: null,
});
const backupWith = (codes: readonly DifferenceCode[], failed: BackupReport['failed'] = []): BackupReport => ({
  kind: 'backup',
  directory: '/a',
  mailboxCount: 1,
  fetchedMessages: 1,
  fetchedBytes: 9,
  sealedParts: [],
  storedMessages: 1,
  vanishedMessages: 0,
  head: null,
  failed,
  removedMessages: 0,
  notices: [],
  reconciliation: { accounts: [], totals, differences: codes.map(difference) },
});
const verifyWith = (damages: VerifyReport['damages']): VerifyReport => ({
  kind: 'verify',
  path: '/a',
  partCount: 1,
  entryCount: 1,
  sizeBytes: 9,
  head: null,
  signedBy: null,
  isOpened: true,
  damages,
});

describe('exit codes', () => {
  it('have the numbers that scripts rely on', () => {
    expect(EXIT_CODES).toEqual({
      done: 0,
      fatal: 1,
      usage: 2,
      partial: 3,
      different: 4,
      authentication: 5,
      locked: 6,
      cancelled: 130,
    });
  });

  it('follow the error code, and are fatal for all others', () => {
    const special: Partial<Record<ErrorCode, number>> = {
      'option-invalid': 2,
      'consent-missing': 2,
      'auth-refused': 5,
      'auth-unsupported': 5,
      'one-time-code-missing': 5,
      'token-refused': 5,
      'archive-locked': 6,
      'cancelled': 130,
    };
    for (const code of Object.keys(ERROR_KINDS) as ErrorCode[]) expect([code, exitCodeOfError(code)]).toEqual([code, special[code] ?? 1]);
  });

  it.each<[string, BackupReport | VerifyReport, number]>([
    ['all is accounted for', backupWith([]), 0],
    ['a message failed in an earlier run', backupWith(['failed']), 3],
    [
      'a message failed in this run',
      backupWith([], [{ mailbox: 'INBOX', locator: 1, entryName: null, code: 'message-empty', details: {} }]),
      3,
    ],
    ['a mailbox could not be read', backupWith(['mailbox-unread']), 3],
    ['something differs without a reason', backupWith(['missing-in-archive']), 4],
    ['something differs and something failed', backupWith(['failed', 'open-in-ledger']), 4],
    ['the archive is whole', verifyWith([]), 0],
    ['the archive is damaged', verifyWith([{ part: 'a.zip', entryName: null, code: 'part-missing', detail: '' }]), 4],
  ])('tell that %s', (_what, report, expected) => {
    expect(exitCodeOfReport(report)).toBe(expected);
  });
});

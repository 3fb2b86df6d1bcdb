import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Platform, startPlatform } from '@mailferry/platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { corpusMessages, hasCorpus } from '../fixtures/corpus.ts';
import { type Dovecot, hasDovecot, startDovecot } from '../fixtures/dovecot.ts';
import { hasProgram, runProgram } from '../fixtures/programs.ts';

const isPossible = hasDovecot() && hasCorpus() && hasProgram('python3');
const KIM = { user: 'kim@example.com', password: 'secret' };
const MAX_BYTES = 3_000_000;
/** Of all messages of the corpus, one in so many is compared; and of these one in so many is searched for, as each search looks at all. */
const SAMPLE = 3;
const SEARCHED_SAMPLE = 2;
/**
 * Of the answers that are compared, so many may differ. They do for messages that break the rules, where the servers choose differently:
 * the blank line before a boundary ends the header of an empty message for Dovecot and belongs to the boundary here (RFC 2046 §5.1.1);
 * a `message/rfc822` in base64 has a hidden message here, and its digits for a header there; of a field that is there twice Dovecot shows the
 * last; an address without one of its halves; a `Content-Type` without a type.
 */
const MAX_DIFFERENT = 0.01;
/** Of the messages that searches find, so many may be found by one server only; for what is left aside `imap-search.py` has the reasons. */
const MAX_FOUND_BY_ONE = 0.001;

describe.skipIf(!isPossible)('the content of messages over IMAP (needs dovecot, python3 and the corpus)', () => {
  let directory: string;
  let dovecot: Dovecot;
  let platform: Platform;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'mailferry-content-'));
    for (const folder of ['messages', 'searched']) mkdirSync(join(directory, folder));
    // Dovecot stores CRLF and no NUL; the platform every byte.
    const comparable = [...corpusMessages().values()].flat().filter((bytes) => bytes.length < MAX_BYTES && !bytes.includes(0));
    for (const [index, bytes] of comparable.entries()) {
      const text = bytes.toString('latin1').replace(/\r?\n/g, '\r\n');
      const name = `${String(index).padStart(5, '0')}.eml`;
      if (index % SAMPLE === 0) writeFileSync(join(directory, 'messages', name), text, 'latin1');
      if (index % (SAMPLE * SEARCHED_SAMPLE) === 0) writeFileSync(join(directory, 'searched', name), text, 'latin1');
    }
    dovecot = await startDovecot();
    dovecot.addAccount('kim', new Map());
    platform = await startPlatform({ accounts: [KIM] });
  });
  afterAll(async () => {
    await platform?.stop();
    await dovecot?.[Symbol.asyncDispose]();
    rmSync(directory, { recursive: true, force: true });
  });

  /** What a program says that is given a folder of messages and the two servers. */
  const compare = (program: string, folder: string): Promise<string> =>
    runProgram('python3', [
      join(import.meta.dirname, program),
      join(directory, folder),
      ...[String(platform.imapPort), KIM.user, KIM.password],
      ...[String(dovecot.imapPort), 'kim', dovecot.password],
    ]);

  it('is what Dovecot says it is: envelopes, structures, parts and their headers', { timeout: 240_000 }, async () => {
    const output = await compare('imap-content.py', 'messages');
    const [, compared, different] = /(\d+) compared, (\d+) different\s*$/.exec(output) ?? [];
    expect(Number(compared)).toBeGreaterThan(5000);
    expect(Number(different) / Number(compared), output.slice(-20_000)).toBeLessThan(MAX_DIFFERENT);
  });

  it('is found as Dovecot finds it, by what Python reads in it', { timeout: 240_000 }, async () => {
    const output = await compare('imap-search.py', 'searched');
    const [, searches, found, missed, byOne] = /(\d+) searches, (\d+) found, (\d+) missed, (\d+) by one only\s*$/.exec(output) ?? [];
    expect(Number(searches)).toBeGreaterThan(500);
    expect(missed, output.slice(-20_000)).toBe('0');
    expect(Number(byOne) / Number(found), output.slice(-20_000)).toBeLessThan(MAX_FOUND_BY_ONE);
  });
});

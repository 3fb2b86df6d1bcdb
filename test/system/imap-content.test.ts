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
/** Of all messages of the corpus, one in so many. */
const SAMPLE = 3;
/**
 * Of the answers that are compared, so many may differ. They do for messages that break the rules, where the servers choose
 * differently: the line end before a boundary (RFC 2046 §5.1.1 gives it to the boundary) where nothing else is in the part; a
 * field that is there twice; commas without an address; a Content-Type without a type; a header of Unix mail (`From `).
 */
const MAX_DIFFERENT = 0.012;

describe.skipIf(!isPossible)('the content of messages over IMAP (needs dovecot, python3 and the corpus)', () => {
  let directory: string;
  let dovecot: Dovecot;
  let platform: Platform;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'mailferry-content-'));
    const messages = join(directory, 'messages');
    mkdirSync(messages);
    // Dovecot stores CRLF and no NUL; the platform every byte.
    const comparable = [...corpusMessages().values()].flat().filter((bytes) => bytes.length < MAX_BYTES && !bytes.includes(0));
    for (const [index, bytes] of comparable.entries()) {
      const text = bytes.toString('latin1').replace(/\r?\n/g, '\r\n');
      if (index % SAMPLE === 0) writeFileSync(join(messages, `${String(index).padStart(5, '0')}.eml`), text, 'latin1');
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

  it('is what Dovecot says it is: envelopes, structures, parts and their headers', { timeout: 240_000 }, async () => {
    const sides = [
      [String(platform.imapPort), KIM.user, KIM.password],
      [String(dovecot.imapPort), 'kim', dovecot.password],
    ].flat();
    const output = await runProgram('python3', [join(import.meta.dirname, 'imap-content.py'), join(directory, 'messages'), ...sides]);
    const [, compared, different] = /(\d+) compared, (\d+) different\s*$/.exec(output) ?? [];
    expect(Number(compared)).toBeGreaterThan(5000);
    expect(Number(different) / Number(compared), output.slice(-20_000)).toBeLessThan(MAX_DIFFERENT);
  });
});

import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { backup } from '@mailferry/core/operations';
import { guessSource, openSource } from '@mailferry/core/source';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { manifestMessages } from '../fixtures/archive-contents.ts';
import { corpusMessages, hasCorpus } from '../fixtures/corpus.ts';
import { hasProgram, runProgram } from '../fixtures/programs.ts';

const isPossible = hasCorpus() && ['python3', 'zip', '7zz'].every(hasProgram);

describe.skipIf(!isPossible)('the corpus of real mail in files (needs the corpus, python3, zip and 7zz)', () => {
  let directory: string;
  let corpus: Map<string, Buffer[]>;
  let expected: string[];

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'mailferry-files-'));
    corpus = corpusMessages();
    expected = [];
    for (const [mailbox, messages] of corpus) {
      messages.forEach((bytes, n) => {
        const path = join(directory, 'eml', mailbox, `${n}.eml`);
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, bytes);
        expected.push(createHash('sha256').update(bytes).digest('hex'));
      });
    }
    expected.sort();
    await runProgram('python3', [join(import.meta.dirname, 'write-maildir.py'), join(directory, 'eml'), join(directory, 'maildir')]);
    await runProgram('zip', ['-qr', join(directory, 'zip.zip'), '.'], join(directory, 'eml'));
    await runProgram('7zz', ['a', '-tzip', '-bso0', join(directory, '7zz.zip'), '.'], join(directory, 'eml'));
    await runProgram('python3', ['-m', 'zipfile', '-c', join(directory, 'python.zip'), `${join(directory, 'eml')}/`]);
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  const run = async (name: string, url: string) => {
    const source = openSource({ url });
    const report = await backup({ source, directory: join(directory, `${name}-archive`), signal: AbortSignal.timeout(60_000) });
    await source.close();
    return report;
  };
  const hashes = (name: string): string[] =>
    manifestMessages(join(directory, `${name}-archive`))
      .map(({ sha256 }) => sha256)
      .toSorted();

  it.each([
    ['eml', 'eml'],
    ['maildir', 'maildir'],
    ['zip', 'zip.zip'],
    ['7zz', '7zz.zip'],
    ['python', 'python.zip'],
  ])('comes out of %s byte for byte, found by a look at it, and once', async (name, path) => {
    const url = await guessSource(join(directory, path), AbortSignal.timeout(10_000));
    expect(await run(name, url)).toMatchObject({ fetchedMessages: expected.length, reconciliation: { differences: [] } });
    expect(hashes(name)).toEqual(expected);
    expect(await run(name, url)).toMatchObject({ fetchedMessages: 0, sealedParts: [] });
  });

  it('is moved on from an archive with its mailboxes, flags and dates', async () => {
    const url = await guessSource(join(directory, 'maildir-archive'), AbortSignal.timeout(10_000));
    expect(url).toMatch(/^zip:/);
    await run('moved', url);
    const facts = (name: string) =>
      manifestMessages(join(directory, `${name}-archive`))
        .map(({ mailbox, flags, internalDate, sha256 }) => JSON.stringify([mailbox, flags, internalDate, sha256]))
        .toSorted();
    expect(facts('moved')).toEqual(facts('maildir'));
    expect(facts('moved').some((line) => line.includes('\\\\Seen'))).toBe(true);
  });
});

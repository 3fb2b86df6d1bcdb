import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { Message } from '@mailferry/core/mail';
import { openSource, type SourceAddress } from '@mailferry/core/source';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasCorpus } from '../fixtures/corpus.ts';
import { hasProgram, runProgram } from '../fixtures/programs.ts';

const SHARED = resolve(import.meta.dirname, '../../../shared');
const CORPUS = join(SHARED, 'corpus');
const BAD_MBOXES = join(SHARED, 'checks/bad-mboxes');
const { signal } = new AbortController();

interface ReadMessage {
  readonly mailbox: string;
  readonly byteOffset: number;
  readonly bytes: Buffer;
}

const bytesOf = async ({ body }: Message): Promise<Buffer> => (Buffer.isBuffer(body) ? body : buffer(body));

/** Everything that an mbox source gives. */
const readMbox = async (
  path: string,
  options: Omit<SourceAddress, 'url'> = {},
): Promise<{ messages: ReadMessage[]; notices: string[] }> => {
  const source = openSource({ url: `mbox:${path}`, ...options });
  const messages: ReadMessage[] = [];
  const notices: string[] = [];
  for (const mailbox of await source.listMailboxes(signal)) {
    const listing = await source.listMessages(mailbox, { since: null, mayBeDelta: false, withDetails: true }, signal);
    notices.push(...listing.notices.map(({ code }) => code));
    for await (const outcome of source.fetch(mailbox, listing.uidValidity, [...listing.messages], signal)) {
      if (outcome.kind !== 'message') throw new Error(`a message is ${outcome.kind}`);
      const { message } = outcome;
      messages.push({ mailbox: mailbox.path, byteOffset: Number(message.ref.locator), bytes: await bytesOf(message) });
    }
  }
  await source.close();
  return { messages, notices };
};

/** How many messages the file holds, whatever number of mailboxes they are in; or the code of the error. */
const countOf = async (path: string): Promise<{ count: number | string; notices: string[] }> => {
  try {
    const { messages, notices } = await readMbox(path);
    return { count: new Set(messages.map(({ byteOffset }) => byteOffset)).size, notices };
  } catch (error) {
    return { count: error instanceof Error && 'code' in error ? String(error.code) : String(error), notices: [] };
  }
};

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

describe.skipIf(!existsSync(BAD_MBOXES) || !hasProgram('python3'))('hostile mboxes (needs python3 and the checks)', () => {
  /** The verdict asks for a warning about what is inside a message, which a source doesn't look at. */
  const ABOUT_CONTENT =
    /^(?:ok-dup|same-id-other-body|empty|boundary-empty|charset-unknown|attachment-name-long|base64-broken|date-odd|crlf-injection)\./;
  let directory: string;
  let verdicts: string[][];

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'mailferry-bad-mboxes-'));
    await runProgram(BAD_MBOXES, [directory]);
    verdicts = readFileSync(join(directory, 'expected.tsv'), 'utf8')
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => line.split('\t'))
      .filter(([file]) => file?.endsWith('.mbox'));
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it('get the verdicts that they are to get', async () => {
    expect(verdicts.length).toBeGreaterThanOrEqual(50);
    for (const [file = '', verdict, count] of verdicts) {
      const found = await countOf(join(directory, file));
      expect([file, found.count]).toEqual([file, verdict === 'reject' ? 'source-unknown' : Number(count)]);
      if (verdict === 'accept-warn' && !ABOUT_CONTENT.test(file))
        expect([file, found.notices]).toEqual([file, expect.arrayContaining(['mail-damaged'])]);
    }
  });

  it('keep their bytes: what lies between two From_ lines is a message, to the blank line', async () => {
    for (const [file = '', verdict] of verdicts) {
      if (verdict === 'reject' || /^(?:ok-mboxrd|ok-gmail|ok-dovecot)/.test(file)) continue;
      const whole = readFileSync(join(directory, file));
      const { messages } = await readMbox(join(directory, file));
      for (const [i, { byteOffset, bytes }] of messages.entries()) {
        const between = whole.subarray(byteOffset, messages[i + 1]?.byteOffset ?? whole.length);
        const start = between.subarray(0, 5).toString() === 'From ' ? between.indexOf('\n') + 1 : 0;
        expect(between.subarray(start, start + bytes.length).equals(bytes), file).toBe(true);
        expect(['', '\n', '\r\n']).toContain(between.subarray(start + bytes.length).toString());
      }
    }
  });
});

describe.skipIf(!hasCorpus())('mboxes of real mail (needs the corpus)', () => {
  const MIMEKIT = join(CORPUS, 'jstedfast+MimeKit/UnitTests/TestData/mbox');
  /** The manifest only counts `From ` lines with a digit behind blank lines. What they hold in truth: */
  const TRUE_COUNTS: Readonly<Record<string, number | string>> = {
    // As MimeKit's own listing has it.
    'content-length.mbox.txt': 29,
    // As `git mailsplit` has it: three messages have no blank line before them.
    'sample.mbox': 15,
    // The first message is the mail server's own.
    'postponed-msgs-pine.mbox': 1,
    'empty.mbox': 0,
    'one-mail.mbox': 1,
    'test-mbox': 2,
    // Text in front of the first message, and nothing but text.
    'test-attached.mbox': 1,
    'test-not-an.mbox': 'source-unknown',
  };

  it('hold as many messages as is known of them', async () => {
    const files = readFileSync(join(CORPUS, 'MANIFEST.tsv'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => line.split('\t'))
      .filter(([, kind]) => kind === 'mbox');
    expect(files.length).toBeGreaterThan(100);
    for (const [path = '', , , count] of files) {
      const found = await countOf(join(CORPUS, path));
      expect([path, found.count]).toEqual([path, TRUE_COUNTS[basename(path)] ?? Number(count)]);
    }
  });

  it.each(['content-length', 'issue1189'])('are cut as MimeKit cuts %s', async (name) => {
    const path = join(MIMEKIT, `${name}.mbox.txt`);
    const expected = JSON.parse(readFileSync(join(MIMEKIT, `${name}.unix-offsets.json`), 'utf8'));
    const whole = readFileSync(path);
    const { messages } = await readMbox(path);
    expect(messages.map(({ byteOffset }) => byteOffset)).toEqual(expected.map(({ mboxMarkerOffset = 0 }) => mboxMarkerOffset));
    for (const [i, { bytes }] of messages.entries()) {
      const { beginOffset, endOffset } = expected[i];
      const isCutShort = bytes.length === endOffset - beginOffset + 1;
      // Where no blank line stands before the next message, MimeKit takes the last line end for the container's.
      expect(bytes.equals(whole.subarray(beginOffset, isCutShort ? endOffset + 1 : endOffset))).toBe(true);
    }
  });

  it('splits an export of Gmail by its labels, and keeps each message', async () => {
    const { messages } = await readMbox(join(CORPUS, 'GAM-team+got-your-back/samples/google-takeout/takeout.mbox'));
    const counts = Object.groupBy(messages, ({ mailbox }) => mailbox);
    expect(counts.INBOX).toHaveLength(27);
    expect(counts.takeout).toHaveLength(37);
    expect(counts['X/@s-itsolution.cz (2011-2015)/Procesy/Resource Man. (PLAKA,CLARA2)']).toHaveLength(1);
    expect(new Set(messages.map(({ byteOffset }) => byteOffset)).size).toBe(39);
  });
});

describe.skipIf(!hasCorpus() || !hasProgram('python3'))("an mbox of Python's (needs python3 and the corpus)", () => {
  /** Adds each file to a new mbox, and prints the SHA-256 of what the format can carry of it: mboxo quotes, and ends messages with a line end. */
  const WRITER = `
import hashlib, mailbox, sys
box = mailbox.mbox(sys.argv[1])
for path in sys.stdin.read().split('\\0'):
    message = open(path, 'rb').read()
    box.add(message)
    if message.startswith(b'From '):
        message = message.partition(b'\\n')[2]
    message = message.replace(b'\\nFrom ', b'\\n>From ')
    print(hashlib.sha256(message if message.endswith(b'\\n') else message + b'\\n').hexdigest())
box.close()
`;
  let directory: string;

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'mailferry-python-mbox-'));
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it.each(['plain', 'gzip'])('holds the whole corpus byte for byte: %s', async (kind) => {
    const files = readdirSync(CORPUS, { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.(?:eml|msg|txt|raw)$/.test(path))
      .map((path) => join(CORPUS, path))
      .filter((path) => statSync(path).isFile() && statSync(path).size > 0)
      // Python would make a From_ line of the header field `From  :`.
      .filter((path) => !/^From +:/.test(readFileSync(path, 'latin1')));
    expect(files.length).toBeGreaterThan(1000);
    const path = join(directory, kind);
    writeFileSync(join(directory, 'files'), files.join('\0'));
    const printed = await runProgram('sh', ['-c', 'python3 -c "$0" "$1" < "$2"', WRITER, path, join(directory, 'files')]);
    if (kind === 'gzip') await runProgram('gzip', [path]);
    const { messages } = await readMbox(kind === 'gzip' ? `${path}.gz` : path, { mboxFormat: 'mboxo', streamAboveBytes: 100_000 });
    expect(messages.map(({ bytes }) => sha256(bytes))).toEqual(printed.trimEnd().split('\n'));
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MailboxPath, UidValidity } from '../../mail/mailbox.ts';
import type { WindowSizes } from './byte-window.ts';
import { FileBlocks } from './file-blocks.ts';
import { openFileBytes } from './file-bytes.ts';
import { readMessages } from './read-messages.ts';
import { type MboxFormat, scanMbox } from './scan-mbox.ts';

const { signal } = new AbortController();
const FROM_LINE = 'From a@b.example Mon Jan  5 12:00:01 2026\n';
let path: string;
let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'mailferry-scan-'));
  path = join(directory, 'mbox');
});

afterAll(() => rmSync(directory, { recursive: true }));

interface Read {
  readonly messages: string[];
  readonly offsets: unknown[];
  readonly damage: unknown[];
}

interface ReadWith {
  readonly format?: MboxFormat;
  readonly sizes?: WindowSizes;
  readonly streamAboveBytes?: number;
}

/** Scans an mbox and reads what the scan found; a character for each byte. */
const read = async (mbox: string | Buffer, { format, sizes, streamAboveBytes = 1_000_000 }: ReadWith = {}): Promise<Read> => {
  writeFileSync(path, typeof mbox === 'string' ? Buffer.from(mbox, 'latin1') : mbox);
  const file = await openFileBytes(path);
  try {
    const scan = await scanMbox(file, { path, format: format ?? null, isSaidToBe: true, signal, ...(sizes && { sizes }) });
    if (!scan) throw new Error('no mbox');
    const messages: string[] = [];
    const listed = [...scan.index.list(null, scan.isQuoted)];
    const options = { path, mailbox: 'x' as MailboxPath, uidValidity: 1 as UidValidity, messageLimitBytes: 1e9, signal };
    for await (const outcome of readMessages(new FileBlocks(file), listed, { ...options, isQuoted: scan.isQuoted, streamAboveBytes })) {
      if (outcome.kind !== 'message') {
        messages.push(outcome.kind);
        continue;
      }
      const { body, sizeBytes } = outcome.message;
      const bytes = Buffer.isBuffer(body) ? body : await buffer(body);
      expect(bytes.length).toBe(sizeBytes);
      messages.push(bytes.toString('latin1'));
    }
    return {
      messages,
      offsets: listed.map(({ locator }) => locator),
      damage: scan.notices.map(({ details }) => details.reason ?? details.count),
    };
  } finally {
    await file.close();
  }
};

const message = (n: number, body = `body ${n}\n`, fields = ''): string => `From: a\nSubject: ${n}\n${fields}\n${body}`;
const mbox = (messages: readonly string[], gap = '\n'): string => messages.map((one) => FROM_LINE + one + gap).join('');

/** Text of what makes an mbox hard. */
const text = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '\n',
        '\n',
        '\n\n',
        '\r\n',
        '\r\n\r\n',
        'From ',
        '>From ',
        '>>From x',
        FROM_LINE,
        `\n${FROM_LINE}To: x\n`,
        'From -\n',
        '>',
        '\0',
        'Fro',
      ),
      fc.string({ maxLength: 20 }),
    ),
    { maxLength: 30 },
  )
  .map((words) => Buffer.from(words.join('')).toString('latin1'));
const sizes = fc.record({ blockBytes: fc.integer({ min: 1, max: 3000 }), aheadBytes: fc.constant(2048) });
const streamAboveBytes = fc.constantFrom(0, 1_000_000);

describe('gives back to the last byte what was written', () => {
  it('as mboxrd', async () => {
    const lines = text.map((body) => `Subject: x\n\n${body}\n`);
    await fc.assert(
      fc.asyncProperty(fc.array(lines, { minLength: 1, maxLength: 6 }), sizes, streamAboveBytes, async (messages, blocks, streamAbove) => {
        const quoted = messages.map((one) => one.replace(/^(>*From )/gm, '>$1'));
        const found = await read(mbox(quoted), { format: 'mboxrd', sizes: blocks, streamAboveBytes: streamAbove });
        expect(found.messages).toEqual(messages);
      }),
      { numRuns: 200 },
    );
  });

  it('as mboxcl2, whatever the messages end in', async () => {
    const withLength = text.map((body) => `Subject: x\nContent-Length: ${body.length}\n\n${body}`);
    await fc.assert(
      fc.asyncProperty(
        fc.array(withLength, { minLength: 1, maxLength: 6 }),
        sizes,
        streamAboveBytes,
        async (messages, blocks, streamAbove) => {
          const found = await read(mbox(messages), { sizes: blocks, streamAboveBytes: streamAbove });
          expect(found.messages).toEqual(messages);
          expect(found.damage.filter((reason) => reason !== 'NUL bytes')).toEqual([]);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('as lines longer than what is read at a time, quoted anywhere', async () => {
    // 13 bytes, so that the lines fall on every place of a block.
    const body = `${'From x\n>From '.repeat(200_000)}\n`;
    const found = await read(mbox([message(1, body.replace(/^(>*From )/gm, '>$1')), message(2)]), { format: 'mboxrd' });
    expect(found.messages[0] === message(1, body)).toBe(true);
    expect(found.messages[1]).toBe(message(2));
    const long = message(1, `${'x'.repeat(3_000_000)}\n`);
    expect((await read(mbox([long, message(2)]))).messages[0] === long).toBe(true);
  });
});

it('finds the same messages, however it is read', async () => {
  // Longer than what a window holds, so that it ends anywhere.
  const filler = fc.integer({ min: 0, max: 3000 }).map((length) => 'x'.repeat(length));
  const long = fc.array(fc.tuple(filler, text), { maxLength: 6 }).map((pieces) => pieces.flat().join(''));
  const separator = `\n\n${FROM_LINE}Subject: y\n\n>>From z\n`;
  await fc.assert(
    fc.asyncProperty(long, filler, sizes, async (content, before, blocks) => {
      const whole = await read(FROM_LINE + content + separator + before + separator);
      expect(whole.messages.length).toBeGreaterThanOrEqual(3);
      expect(await read(FROM_LINE + content + separator + before + separator, { sizes: blocks })).toMatchObject({
        messages: whole.messages,
        offsets: whole.offsets,
      });
    }),
    { numRuns: 100 },
  );
});

it('sees a From_ line wherever what is read at a time ends', async () => {
  for (let length = 1940; length < 2040; length += 1) {
    const messages = [message(1, `${'x'.repeat(length)}\n`), message(2)];
    expect((await read(mbox(messages), { sizes: { blockBytes: 64, aheadBytes: 2048 } })).messages).toEqual(messages);
  }
});

describe('line ends', () => {
  it('takes one blank line off, the last too, and no other', async () => {
    const messages = [message(1, ''), message(2, 'x\n\n\n'), message(3)];
    expect((await read(mbox(messages))).messages).toEqual(messages);
  });

  it('keeps CRLF, with separators in LF or CRLF', async () => {
    const messages = [message(1), message(2)].map((one) => one.replaceAll('\n', '\r\n'));
    expect((await read(mbox(messages))).messages).toEqual(messages);
    expect((await read(mbox([message(1), message(2)]).replaceAll('\n', '\r\n'))).messages).toEqual(messages);
  });

  it('takes nothing off where no blank line is', async () => {
    expect((await read(mbox([message(1), message(2)], ''))).messages).toEqual([message(1), message(2)]);
    const { messages, damage } = await read(mbox([message(1)], '').slice(0, -1));
    expect(messages).toEqual([message(1).slice(0, -1)]);
    expect(damage).toEqual(['the file ends without a line end, so its last message may be cut']);
  });
});

describe('From_ lines', () => {
  it.each([
    ['\nFrom here on it goes\n', 1],
    ['\nFrom Russia\nYear: 1963\n', 1],
    [`\n${FROM_LINE}Subject: inner\n\n`, 2],
    [`x\n${FROM_LINE}Subject: inner\n\n`, 2],
    [`x\n${FROM_LINE}still the first\n`, 1],
    ['x\nFrom -\nSubject: inner\n\n', 2],
    ['\nFrom -\nin text\n', 1],
    ['\nFrom 1844347792267117879@xxx\nMIME-Version: 1.0\n\n', 2],
    ['x\nFrom a@b\nSubject: inner\n\n', 1],
    [`\n>${FROM_LINE}Subject: inner\n\n`, 1],
  ])('%j', async (body, count) => {
    expect((await read(mbox([message(1, `text\n${body}`)]))).messages).toHaveLength(count);
  });
});

describe("mboxrd's quoting", () => {
  const quoted = message(1, '>From x\n>>From y\n');

  it('is undone where a doubly quoted line shows it, or on request', async () => {
    expect((await read(mbox([quoted]))).messages).toEqual([message(1, 'From x\n>From y\n')]);
    expect((await read(mbox([message(1, '>From x\n')]), { format: 'mboxrd' })).messages).toEqual([message(1, 'From x\n')]);
  });

  it.each([
    ['a single > shows nothing', message(1, '>From x\n'), undefined],
    ['an unquoted line shows that nobody quoted', `${quoted}From z\n`, undefined],
    ['mboxo was asked for', quoted, 'mboxo' as const],
  ])('is left as it is: %s', async (_, one, format) => {
    expect((await read(mbox([one]), format ? { format } : {})).messages).toEqual([one]);
  });
});

describe('Content-Length', () => {
  const sized = (n: number, body: string, length = body.length) => message(n, body, `Content-Length: ${length}\n`);
  const inner = `x\n\n${FROM_LINE}Subject: inner\n\ny\n`;

  it('is not believed when one message lacks it or disagrees', async () => {
    expect((await read(mbox([sized(1, inner), sized(2, 'x\n')]))).messages).toEqual([sized(1, inner), sized(2, 'x\n')]);
    expect((await read(mbox([sized(1, inner), message(2)]))).messages).toHaveLength(3);
    expect((await read(mbox([sized(1, inner), sized(2, 'x\n', 1), message(3)]))).messages).toHaveLength(4);
  });

  it('is believed for each message that agrees, on request', async () => {
    const messages = [sized(1, inner), message(2), sized(3, 'x\n', 1), sized(4, 'y\n')];
    const found = await read(mbox(messages), { format: 'mboxcl2' });
    expect(found.messages).toEqual(messages);
    expect(found.damage).toEqual(['a Content-Length that does not fit']);
  });

  it('leaves a cut message at the end to itself', async () => {
    const whole = mbox([sized(1, inner), sized(2, 'x'.repeat(100))]);
    const found = await read(whole.slice(0, -50));
    expect(found.messages).toEqual([sized(1, inner), whole.slice(FROM_LINE.length * 2 + sized(1, inner).length + 1, -50)]);
    expect(found.damage).toEqual(['a Content-Length that does not fit']);
  });

  it.each([
    [999_999, 'a Content-Length that goes beyond the end of the file'],
    [-5, 'a Content-Length that is no length'],
  ])('of %i swallows nothing, and is told', async (length, reason) => {
    const messages = [sized(1, 'x\n', length), message(2), message(3)];
    expect(await read(mbox(messages))).toMatchObject({ messages, damage: [reason] });
  });
});

describe('what is not as it should be', () => {
  it('begins with a byte-order mark or blank lines', async () => {
    expect(await read(`\xef\xbb\xbf${mbox([message(1)])}`)).toMatchObject({ messages: [message(1)], offsets: [3], damage: [] });
    expect(await read(`\r\n\n${mbox([message(1)])}`)).toMatchObject({ messages: [message(1)], offsets: [3], damage: [] });
  });

  it('begins with other text', async () => {
    expect(await read(`some log\n\n${mbox([message(1)])}`)).toMatchObject({
      messages: [message(1)],
      offsets: [10],
      damage: ['10 bytes of text before the first message, left out'],
    });
  });

  it('begins with more text than is looked at first', async () => {
    const junk = `${'eA==\n'.repeat(200_000)}\n`;
    expect(await read(`${junk}${mbox([message(1)])}`)).toMatchObject({ messages: [message(1)], offsets: [junk.length] });
  });

  it('begins with a message that has no From_ line', async () => {
    expect(await read(`${message(1)}\n${mbox([message(2)])}`)).toMatchObject({
      messages: [message(1), message(2)],
      offsets: [0, message(1).length + 1],
      damage: ['a message without a From_ line'],
    });
  });

  it('has NUL bytes, an odd header, or an empty message', async () => {
    const messages = [message(1, `x\n${'\0'.repeat(5000)}\n`), 'From: a\nno field\n\nx\n', '\nno header\n', message(4)];
    expect(await read(mbox(messages))).toMatchObject({
      messages,
      damage: ['NUL bytes', 'a header line that is no header field', 'a header line that is no header field'],
    });
    expect((await read(mbox(['', message(2)]))).messages).toEqual(['failed', message(2)]);
  });

  it('tells at most 20 places and how many more there are', async () => {
    const { damage } = await read(mbox(Array.from({ length: 50 }, () => '\nno header\n')));
    expect(damage).toHaveLength(21);
    expect(damage[20]).toBe('30 more such places, the last');
  });

  it("holds a mail server's own data in front", async () => {
    const own = "From: x\nSubject: DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA\nX-IMAP: 1 1\n\ntext\n";
    expect(await read(mbox([own, message(2)]))).toMatchObject({ messages: [message(2)], damage: [1] });
  });

  it('is a gzip file that was cut', async () => {
    const random = Array.from({ length: 20_000 }, (_, i) => ((i * 7919) % 60_013).toString(36)).join('\n');
    const whole = gzipSync(mbox([message(1), message(2, random)]));
    const { messages, damage } = await read(whole.subarray(0, whole.length / 2));
    expect(messages).toHaveLength(2);
    expect(messages[0]).toBe(message(1));
    expect(message(2, random).startsWith(messages[1] ?? '-')).toBe(true);
    expect(damage).toContainEqual(expect.stringMatching(/cut or broken/));
  });
});

import { execFileSync, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeChecksums } from './checksums.ts';
import { nodeDisk } from './disk.ts';
import { verifyArchive } from './verify-archive.ts';
import { createPart } from './zip/part-file.ts';
import { prepareBody } from './zip/prepare-body.ts';
import { sealPart } from './zip/seal-part.ts';

const signal = new AbortController().signal;
const when = new Date('2024-02-29T12:34:56Z');
let directory: string;

const sealMessages = async (fileName: string, messages: Record<string, Buffer>) => {
  const part = await createPart(nodeDisk, directory, fileName);
  const entries = [];
  for (const [name, body] of Object.entries(messages)) {
    const entry = await part.append(name, when, await prepareBody(body));
    const locator: number = entries.length + 1;
    const origin = { mailbox: '받은편지함', uidValidity: 7, locator };
    entries.push({ ...entry, ...origin, internalDate: when, flags: ['\\Seen'], messageId: '<a@b>' });
  }
  const mailboxes = [{ path: '받은편지함', delimiter: '/', specialUse: '\\Inbox', folder: 'inbox' }];
  return sealPart(part, { disk: nodeDisk, directory, fileName, entries, mailboxes, source: 'imap:kim@example.com', signal });
};

/** Small, stored, empty, big enough to be checked as a stream. */
const MESSAGES: Record<string, Buffer> = {
  'inbox/안녕 하세요.eml': Buffer.from('Subject: hello\r\n\r\nhello hello hello hello\r\n'),
  'inbox/stored.eml': randomBytes(500),
  'inbox/big.eml': Buffer.concat([Buffer.alloc(6_000_000, 'text '), randomBytes(4_000_000)]),
  'inbox/last.eml': Buffer.from('Subject: last\r\n\r\nlast\r\n'),
};

const verify = (totals: number[] = []) =>
  verifyArchive(directory, { onBegin: (bytes) => totals.push(bytes), onEntry: () => undefined, signal });

const findings = async (): Promise<string[]> =>
  (await verify()).damages.map(({ part, entryName, code }) => [part, entryName, code].filter(Boolean).join(' ')).toSorted();

const flip = (fileName: string, at: number): void => {
  const bytes = readFileSync(join(directory, fileName));
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  writeFileSync(join(directory, fileName), bytes);
};

const positionOf = (fileName: string, text: string): number => readFileSync(join(directory, fileName)).indexOf(text);

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'mailferry-verify-'));
  const seals = [await sealMessages('part-0001.zip', MESSAGES), await sealMessages('part-0002.zip', { 'inbox/x.eml': Buffer.from('x') })];
  const checksums = seals.flatMap((seal) => [[seal.fileName, seal.sha256] as const, [seal.manifestName, seal.manifestSha256] as const]);
  await writeChecksums(nodeDisk, directory, new Map(checksums));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe('an archive as it was sealed', () => {
  it('has no damages, and nothing is written', async () => {
    const before = readdirSync(directory);
    const totals: number[] = [];
    const verdict = await verify(totals);
    expect(verdict).toMatchObject({ partCount: 2, entryCount: 5, damages: [] });
    expect(totals).toEqual([verdict.sizeBytes]);
    expect(readdirSync(directory)).toEqual(before);
  });

  it('keeps the very name of the mailbox and all that is known of a message in its manifest', () => {
    const lines = readFileSync(join(directory, 'part-0002.manifest.jsonl'), 'utf8').split('\n');
    const zip = readFileSync(join(directory, 'part-0002.zip'));
    const sha256 = createHash('sha256').update(zip).digest('hex');
    const ofX = createHash('sha256').update('x').digest('hex');
    expect(lines).toEqual([
      `{"kind":"part","format":1,"part":"part-0002.zip","sizeBytes":${zip.length},"sha256":"${sha256}","entries":1,"source":"imap:kim@example.com"}`,
      '{"kind":"mailbox","path":"받은편지함","delimiter":"/","specialUse":"\\\\Inbox","folder":"inbox"}',
      `{"kind":"message","name":"inbox/x.eml","sha256":"${ofX}","sizeBytes":1,"mailbox":"받은편지함","uidValidity":7,"uid":1,"internalDate":"2024-02-29T12:34:56.000Z","flags":["\\\\Seen"],"messageId":"<a@b>"}`,
      '',
    ]);
  });

  const programs: [string, string[]][] = [
    ['sha256sum', ['-c', '--strict', 'SHA256SUMS']],
    ['unzip', ['-tq', 'part-0001.zip']],
    ['7zz', ['t', 'part-0001.zip']],
    ['python3', ['-c', "import zipfile; assert zipfile.ZipFile('part-0001.zip').testzip() is None"]],
  ];
  for (const [program, args] of programs) {
    it.skipIf(spawnSync(program, ['--help']).error)(`is accepted by ${program}, where that is installed`, () => {
      expect(() => execFileSync(program, args, { cwd: directory, stdio: 'pipe' })).not.toThrow();
    });
  }
});

describe('S36: a byte that is flipped', () => {
  it.each(Object.keys(MESSAGES))('is found in the content of %s', async (name) => {
    const zip = readFileSync(join(directory, 'part-0001.zip'));
    const at = zip.indexOf(name) + Buffer.byteLength(name) + 9 + 10;
    flip('part-0001.zip', at);
    expect(await findings()).toEqual([`part-0001.zip ${name} entry-content`, 'part-0001.zip part-checksum']);
  });

  it('is found in the header in front of a message', async () => {
    flip('part-0001.zip', positionOf('part-0001.zip', 'inbox/big.eml') - 30);
    expect(await findings()).toEqual(['part-0001.zip inbox/big.eml entry-header', 'part-0001.zip part-checksum']);
  });

  it('is found anywhere in the central directory', async () => {
    for (const name of ['part-0001.zip', 'part-0001.manifest.jsonl']) rmSync(join(directory, name));
    const path = join(directory, 'SHA256SUMS');
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll(/.*part-0001.*\n/g, ''));
    const size = readFileSync(join(directory, 'part-0002.zip')).length;
    const start = positionOf('part-0002.zip', 'PK\x01\x02');
    for (let at = start; at < size; at += 1) {
      flip('part-0002.zip', at);
      const found = await findings();
      expect(found, `byte ${at - start}`).toContain('part-0002.zip part-checksum');
      expect(found.length, `byte ${at - start}: ${found}`).toBeGreaterThan(1);
      flip('part-0002.zip', at);
    }
    expect(await findings()).toEqual([]);
  });

  it('is found in a manifest', async () => {
    flip('part-0001.manifest.jsonl', positionOf('part-0001.manifest.jsonl', '"flags":["') + 12);
    expect(await findings()).toEqual(['part-0001.zip manifest-checksum']);
    flip('part-0001.manifest.jsonl', 0);
    expect(await findings()).toEqual(['part-0001.zip manifest-checksum', 'part-0001.zip manifest-invalid']);
  });
});

describe('an archive that lost or got something', () => {
  it('misses a part, even where its checksum is gone too', async () => {
    rmSync(join(directory, 'part-0002.zip'));
    expect(await findings()).toEqual(['part-0002.zip part-missing']);
    const path = join(directory, 'SHA256SUMS');
    writeFileSync(path, readFileSync(path, 'utf8').replace(/.*part-0002\.zip\n/, ''));
    expect(await findings()).toEqual(['part-0002.zip part-missing']);
  });

  it('misses a manifest, and the messages are checked all the same', async () => {
    rmSync(join(directory, 'part-0001.manifest.jsonl'));
    expect(await findings()).toEqual(['part-0001.zip manifest-missing']);
    flip('part-0001.zip', positionOf('part-0001.zip', 'inbox/last.eml') + 30);
    expect(await findings()).toEqual([
      'part-0001.zip inbox/last.eml entry-content',
      'part-0001.zip manifest-missing',
      'part-0001.zip part-checksum',
    ]);
  });

  it('has a part with its tail cut off', async () => {
    truncateSync(join(directory, 'part-0001.zip'), 1_000_000);
    expect(await findings()).toEqual(['part-0001.zip directory-invalid', 'part-0001.zip part-checksum']);
  });

  it('has a part with something behind it', async () => {
    appendFileSync(join(directory, 'part-0001.zip'), 'x');
    expect(await findings()).toEqual(['part-0001.zip directory-invalid', 'part-0001.zip part-checksum']);
  });

  it('has the parts swapped', async () => {
    renameSync(join(directory, 'part-0001.zip'), join(directory, 'swap'));
    renameSync(join(directory, 'part-0002.zip'), join(directory, 'part-0001.zip'));
    renameSync(join(directory, 'swap'), join(directory, 'part-0002.zip'));
    const found = await findings();
    expect(found).toContain('part-0001.zip inbox/x.eml entry-foreign');
    expect(found).toContain('part-0001.zip inbox/big.eml entry-missing');
    expect(found).toContain('part-0002.zip inbox/big.eml entry-foreign');
    expect(found).toContain('part-0002.zip inbox/x.eml entry-missing');
  });

  it('has a part that no checksum names', async () => {
    writeFileSync(join(directory, 'part-0003.zip'), 'who am I');
    writeFileSync(join(directory, 'part-0004.zip.open'), 'open');
    expect(await findings()).toEqual(['part-0003.zip part-unlisted']);
  });

  it('has folders where files should be', async () => {
    for (const name of ['part-0001.zip', 'part-0001.manifest.jsonl']) {
      rmSync(join(directory, name));
      mkdirSync(join(directory, name));
    }
    expect(await findings()).toEqual(['part-0001.zip directory-invalid', 'part-0001.zip manifest-invalid', 'part-0001.zip part-checksum']);
  });

  it('is none without SHA256SUMS', async () => {
    rmSync(join(directory, 'SHA256SUMS'));
    await expect(verify()).rejects.toMatchObject({ code: 'archive-missing' });
  });
});

it('stops when it is asked to', async () => {
  const stopping = AbortSignal.abort();
  const options = { onBegin: () => undefined, onEntry: () => undefined, signal: stopping };
  await expect(verifyArchive(directory, options)).rejects.toMatchObject({ code: 'cancelled' });
});

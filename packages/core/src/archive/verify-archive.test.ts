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
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeChain, encodeSignature } from '../formats/chain.ts';
import { writeChecksums } from './checksums.ts';
import { nodeDisk } from './disk.ts';
import { newSigningKey, openSigner, type Signer } from './signing-key.ts';
import { type VerifyArchiveOptions, verifyArchive } from './verify-archive.ts';
import { createPart } from './zip/part-file.ts';
import { prepareBody } from './zip/prepare-body.ts';
import { type Seal, type SealEncryption, sealPart } from './zip/seal-part.ts';
import { WorkThreads } from './zip/work-threads.ts';

const signal = new AbortController().signal;
const when = new Date('2024-02-29T12:34:56Z');
const threads = new WorkThreads();
let directory: string;
let seals: Seal[];

afterAll(() => threads.close());

const sealMessages = async (
  fileName: string,
  messages: Record<string, Buffer>,
  previous: string | null,
  encryption: SealEncryption | null = null,
) => {
  const part = await createPart(nodeDisk, directory, fileName);
  const entries = [];
  for (const [name, body] of Object.entries(messages)) {
    const entry = await part.append(name, when, await prepareBody(body));
    const locator: number = entries.length + 1;
    const origin = { mailbox: '받은편지함', uidValidity: 7, locator };
    entries.push({ ...entry, ...origin, internalDate: when, flags: ['\\Seen'], messageId: '<a@b>' });
  }
  const mailboxes = [{ path: '받은편지함', delimiter: '/', specialUse: '\\Inbox', folder: 'inbox' }];
  const source = 'imap:kim@example.com';
  return sealPart(part, { disk: nodeDisk, directory, fileName, entries, mailboxes, source, previous, encryption, threads, signal });
};

/** Small, stored, empty, big enough to be checked as a stream. */
const MESSAGES: Record<string, Buffer> = {
  'inbox/안녕 하세요.eml': Buffer.from('Subject: hello\r\n\r\nhello hello hello hello\r\n'),
  'inbox/stored.eml': randomBytes(500),
  'inbox/big.eml': Buffer.concat([Buffer.alloc(6_000_000, 'text '), randomBytes(4_000_000)]),
  'inbox/last.eml': Buffer.from('Subject: last\r\n\r\nlast\r\n'),
};

const verify = (options: Partial<VerifyArchiveOptions> = {}) =>
  verifyArchive(directory, {
    ...{ identities: [], publicKey: null, head: null, signal },
    onBegin: () => undefined,
    onEntry: () => undefined,
    ...options,
  });

/** Puts chain and checksums in place, as they follow from the seals. */
const index = async (seals: readonly Seal[], signer: Signer | null = null): Promise<void> => {
  const links = seals.map(({ fileName: part, entryCount: messages, manifestName: manifest, ...seal }) => ({
    part,
    messages,
    manifest,
    ...seal,
  }));
  const chain = encodeChain({ links, listing: null });
  writeFileSync(join(directory, 'chain.jsonl'), signer ? chain + encodeSignature(signer.sign(chain)) : chain);
  const checksums = links.flatMap((link) => [[link.part, link.sha256] as const, [link.manifest, link.manifestSha256] as const]);
  await writeChecksums(nodeDisk, directory, new Map(checksums));
};

const findings = async (options: Partial<VerifyArchiveOptions> = {}): Promise<string[]> =>
  (await verify(options)).damages.map(({ part, entryName, code }) => [part, entryName, code].filter(Boolean).join(' ')).toSorted();

const flip = (fileName: string, at: number): void => {
  const bytes = readFileSync(join(directory, fileName));
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  writeFileSync(join(directory, fileName), bytes);
};

const positionOf = (fileName: string, text: string): number => readFileSync(join(directory, fileName)).indexOf(text);

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'mailferry-verify-'));
  const first = await sealMessages('part-0001.zip', MESSAGES, null);
  seals = [first, await sealMessages('part-0002.zip', { 'inbox/x.eml': Buffer.from('x') }, first.linkSha256)];
  await index(seals);
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe('an archive as it was sealed', () => {
  it('has no damages, and nothing is written', async () => {
    const before = readdirSync(directory);
    const totals: number[] = [];
    const verdict = await verify({ onBegin: (bytes) => totals.push(bytes) });
    expect(verdict).toMatchObject({ partCount: 2, entryCount: 5, head: seals[1]?.linkSha256, signedBy: null, isOpened: true, damages: [] });
    expect(totals).toEqual([verdict.sizeBytes]);
    expect(readdirSync(directory)).toEqual(before);
  });

  it('keeps the very name of the mailbox and all that is known of a message in its manifest', () => {
    const lines = readFileSync(join(directory, 'part-0002.manifest.jsonl'), 'utf8').split('\n');
    const zip = readFileSync(join(directory, 'part-0002.zip'));
    const sha256 = createHash('sha256').update(zip).digest('hex');
    const ofX = createHash('sha256').update('x').digest('hex');
    expect(lines).toEqual([
      `{"kind":"part","format":2,"part":"part-0002.zip","sizeBytes":${zip.length},"sha256":"${sha256}","entries":1,"merkleRoot":"${seals[1]?.merkleRoot}","previous":"${seals[0]?.linkSha256}","source":"imap:kim@example.com"}`,
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
    for (const name of readdirSync(directory)) rmSync(join(directory, name));
    await index([await sealMessages('part-0002.zip', { 'inbox/x.eml': Buffer.from('x') }, null)]);
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
    expect(await findings()).toEqual(['part-0001.zip manifest-checksum', 'part-0001.zip merkle-root']);
    flip('part-0001.manifest.jsonl', 0);
    expect(await findings()).toEqual(['part-0001.zip manifest-checksum', 'part-0001.zip manifest-invalid']);
  });
});

describe('an archive that lost or got something', () => {
  it('misses a part, even where the chain and its checksum are gone too', async () => {
    rmSync(join(directory, 'part-0002.zip'));
    expect(await findings()).toEqual(['part-0002.zip part-missing']);
    rmSync(join(directory, 'chain.jsonl'));
    expect(await findings()).toEqual(['chain.jsonl chain-missing', 'part-0002.zip part-missing']);
    const path = join(directory, 'SHA256SUMS');
    writeFileSync(path, readFileSync(path, 'utf8').replace(/.*part-0002\.zip\n/, ''));
    expect(await findings()).toEqual(['chain.jsonl chain-missing', 'part-0002.zip part-missing']);
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
    expect(await findings()).toEqual([
      'part-0001.zip directory-invalid',
      'part-0001.zip manifest-checksum',
      'part-0001.zip manifest-invalid',
      'part-0001.zip part-checksum',
    ]);
  });

  it('is none without chain and SHA256SUMS', async () => {
    rmSync(join(directory, 'SHA256SUMS'));
    expect(await findings()).toEqual(['SHA256SUMS checksums-differ']);
    rmSync(join(directory, 'chain.jsonl'));
    await expect(verify()).rejects.toMatchObject({ code: 'archive-missing' });
  });
});

describe('the chain', () => {
  const rewrite = (change: (lines: string[]) => string[]): void => {
    const path = join(directory, 'chain.jsonl');
    writeFileSync(path, change(readFileSync(path, 'utf8').split('\n')).join('\n'));
  };

  it('shows parts that were put in another order', async () => {
    rewrite(([head = '', first = '', second = '', ...rest]) => [head, second, first, ...rest]);
    expect(await findings()).toEqual(['part-0001.zip chain-broken', 'part-0002.zip chain-broken']);
  });

  it('shows a part that was taken out of the middle with all that names it', async () => {
    const third = await sealMessages('part-0003.zip', { 'inbox/y.eml': Buffer.from('y') }, seals[1]?.linkSha256 ?? null);
    await index(seals.filter(({ fileName }) => fileName !== 'part-0002.zip').concat(third));
    for (const name of ['part-0002.zip', 'part-0002.manifest.jsonl']) rmSync(join(directory, name));
    expect(await findings()).toEqual(['part-0003.zip chain-broken']);
  });

  it('shows that it went back behind a head that it had once', async () => {
    const head = seals[1]?.linkSha256 ?? '';
    expect(await findings({ head })).toEqual([]);
    for (const name of ['part-0002.zip', 'part-0002.manifest.jsonl']) rmSync(join(directory, name));
    await index(seals.slice(0, 1));
    expect(await findings()).toEqual([]);
    expect(await findings({ head })).toEqual(['chain.jsonl head-missing']);
  });

  it.each([
    ['cut off', (lines: string[]) => lines.slice(0, 2)],
    ['no JSON', (lines: string[]) => ['{', ...lines]],
    ['two heads', ([head = '', ...rest]: string[]) => [head, head, ...rest]],
    ['a part from outside', (lines: string[]) => lines.map((line) => line.replace('"part-0001.zip"', '"../part-0001.zip"'))],
  ])('is refused when it is %s, and the parts are checked all the same', async (_, change) => {
    flip('part-0002.zip', 60);
    rewrite(change);
    const found = await findings();
    expect(found).toContain('chain.jsonl chain-invalid');
    expect(found).toContain('part-0002.zip part-checksum');
  });

  it('differs from checksums that were changed', async () => {
    const path = join(directory, 'SHA256SUMS');
    writeFileSync(
      path,
      readFileSync(path, 'utf8').replace(/^./, (digit) => (digit === '0' ? '1' : '0')),
    );
    expect(await findings()).toEqual(['SHA256SUMS checksums-differ']);
  });
});

describe('the signature', () => {
  const newSigner = async (name: string): Promise<Signer> => {
    writeFileSync(join(directory, name), newSigningKey().privateKey);
    return openSigner(join(directory, name));
  };

  it('says who signed, and is by no other key', async () => {
    const [mine, theirs] = [await newSigner('mine'), await newSigner('theirs')];
    expect(await findings({ publicKey: mine.publicKey })).toEqual(['chain.jsonl signature-missing']);
    await index(seals, mine);
    expect(await verify()).toMatchObject({ signedBy: mine.publicKey, damages: [] });
    expect(await findings({ publicKey: mine.publicKey })).toEqual([]);
    expect(await findings({ publicKey: theirs.publicKey })).toEqual(['chain.jsonl signature-foreign']);
  });

  it('does not hold for a chain that was changed, by any byte', async () => {
    await index(seals, await newSigner('mine'));
    const path = join(directory, 'chain.jsonl');
    const whole = readFileSync(path);
    const end = whole.lastIndexOf('{"kind":"signature"');
    for (let at = 0; at < end; at += 7) {
      const changed = Buffer.from(whole);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      writeFileSync(path, changed);
      const found = await findings();
      expect(
        found.some((code) => /signature-invalid|chain-invalid/.test(code)),
        `byte ${at}: ${found}`,
      ).toBe(true);
    }
  });

  it('is one that OpenSSL takes', async () => {
    const { privateKey, publicKey } = newSigningKey();
    writeFileSync(join(directory, 'key'), privateKey);
    writeFileSync(join(directory, 'key.pub'), publicKey);
    await index(seals, await openSigner(join(directory, 'key')));
    const text = readFileSync(join(directory, 'chain.jsonl'), 'utf8');
    const at = text.lastIndexOf('{"kind":"signature"');
    writeFileSync(join(directory, 'signed'), text.slice(0, at));
    writeFileSync(join(directory, 'signature'), Buffer.from(JSON.parse(text.slice(at)).signature, 'base64'));
    const args = ['pkeyutl', '-verify', '-pubin', '-inkey', 'key.pub', '-rawin', '-in', 'signed', '-sigfile', 'signature'];
    if (!spawnSync('openssl', ['version']).error) expect(execFileSync('openssl', args, { cwd: directory }).toString()).toContain('Success');
  });
});

describe('an encrypted archive', () => {
  let identity: string;
  const sealed = () => ({ identities: [identity] });

  beforeEach(async () => {
    for (const name of readdirSync(directory)) rmSync(join(directory, name));
    identity = await generateX25519Identity();
    mkdirSync(join(directory, '.mailferry'));
    const encryption = { recipients: [await identityToRecipient(identity)], workDirectory: join(directory, '.mailferry') };
    const first = await sealMessages('part-0001.zip', MESSAGES, null, encryption);
    await index([first, await sealMessages('part-0002.zip', { 'inbox/x.eml': Buffer.from('x') }, first.linkSha256, encryption)]);
  });

  it('is checked to the last message with its identity, and by its files without', async () => {
    expect(await verify(sealed())).toMatchObject({ partCount: 2, entryCount: 5, isOpened: true, damages: [] });
    expect(await verify()).toMatchObject({ partCount: 2, entryCount: 0, isOpened: false, damages: [] });
  });

  it.each([100, 200_000, 4_000_000])('shows a byte that was flipped at %i', async (at) => {
    flip('part-0001.zip.age', at);
    expect(await findings()).toEqual(['part-0001.zip.age part-checksum']);
    expect(await findings(sealed())).toContain('part-0001.zip.age part-checksum');
  });

  it('shows a manifest that was flipped, cut off or taken away', async () => {
    flip('part-0001.manifest.jsonl.age', 300);
    expect(await findings()).toEqual(['part-0001.zip.age manifest-checksum']);
    expect(await findings(sealed())).toEqual(['part-0001.zip.age manifest-checksum', 'part-0001.zip.age manifest-invalid']);
    rmSync(join(directory, 'part-0001.manifest.jsonl.age'));
    expect(await findings()).toEqual(['part-0001.zip.age manifest-missing']);
  });

  it('is not opened by an identity of someone else', async () => {
    const identities = [await generateX25519Identity()];
    await expect(verify({ identities })).rejects.toMatchObject({ code: 'identity-missing' });
  });
});

it('stops when it is asked to', async () => {
  await expect(verify({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' });
});

import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Platform } from '../platform.ts';
import { startPlatform } from '../start-platform.ts';

interface TestEntry {
  readonly name: string | Buffer;
  readonly content: string | Buffer;
  /** What the ZIP says where it differs from the truth. */
  readonly says?: {
    readonly crc?: number;
    readonly sizeBytes?: number;
    readonly method?: number;
    readonly flags?: number;
    readonly offset?: number;
  };
  readonly isStored?: boolean;
}

/** A ZIP made by hand, so that it can lie. */
const zipOf = (entries: readonly TestEntry[]): Buffer => {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const { name, content, says = {}, isStored = false } of entries) {
    const [rawName, raw] = [Buffer.from(name), Buffer.from(content)];
    const packed = isStored ? raw : deflateRawSync(raw);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(says.flags ?? 0x800, 2);
    common.writeUInt16LE(says.method ?? (isStored ? 0 : 8), 4);
    common.writeUInt32LE(says.crc ?? crc32(raw), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(says.sizeBytes ?? raw.length, 18);
    common.writeUInt16LE(rawName.length, 22);
    locals.push(Buffer.from('PK\x03\x04'), common, rawName, packed);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(says.offset ?? offset, 10);
    centrals.push(Buffer.from('PK\x01\x02\x14\0', 'latin1'), common, tail, rawName);
    offset += 30 + rawName.length + packed.length;
  }
  const directory = Buffer.concat(centrals);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
};

/** Its end record counts one entry fewer than there are. */
const zipHidingOne = (entries: readonly TestEntry[]): Buffer => {
  const zip = zipOf(entries);
  zip.writeUInt16LE(entries.length - 1, zip.length - 12);
  return zip;
};

const mail = (n: number): TestEntry => ({ name: `${n}.eml`, content: `Subject: ${n}\r\n\r\nbody ${n}\r\n` });
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

interface UploadJson {
  readonly id: string;
  readonly state: string;
  readonly total: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly reason: string | null;
}

interface EntryJson {
  readonly index: number;
  readonly name: string;
  readonly state: string;
  readonly code: string | null;
  readonly uid: number | null;
  readonly sha256: string | null;
}

/** A client of the HTTP API, logged in. */
class Client {
  readonly #url: string;
  readonly #token: string;

  constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  static async logIn(url: string): Promise<Client> {
    const response = await fetch(`${url}/api/v1/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user: 'kim@example.com', password: 'pw' }),
    });
    const { token } = (await response.json()) as { token: string };
    return new Client(url, token);
  }

  request(method: string, path: string, body?: RequestInit['body'], headers: Record<string, string> = {}): Promise<Response> {
    const init = { method, headers: { authorization: `Bearer ${this.#token}`, ...headers } };
    // A stream as a body has to be declared as half duplex.
    return fetch(`${this.#url}/api/v1${path}`, body === undefined ? init : ({ ...init, body, duplex: 'half' } as RequestInit));
  }

  async json<Value>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; body: Value }> {
    const response = await this.request(method, path, body === undefined ? undefined : JSON.stringify(body), {
      'content-type': 'application/json',
      ...headers,
    });
    return { status: response.status, body: (await response.json()) as Value };
  }

  async mailboxId(path = 'INBOX'): Promise<string> {
    const { body } = await this.json<{ mailboxes: { id: string; path: string }[] }>('GET', '/mailboxes');
    return body.mailboxes.find((mailbox) => mailbox.path === path)?.id ?? '';
  }

  async announce(zip: Buffer, key: string = randomUUID(), mailboxId?: string): Promise<{ status: number; body: UploadJson }> {
    const request = { mailboxId: mailboxId ?? (await this.mailboxId()), fileName: 'x.zip', sizeBytes: zip.length, sha256: sha256(zip) };
    return this.json('POST', '/uploads', request, { 'idempotency-key': key });
  }

  send(id: string, zip: Buffer): Promise<Response> {
    return this.request('PUT', `/uploads/${id}/content`, new Uint8Array(zip), { 'content-type': 'application/zip' });
  }

  async until(id: string, isReached: (upload: UploadJson) => boolean): Promise<UploadJson> {
    for (;;) {
      const { body } = await this.json<UploadJson>('GET', `/uploads/${id}`);
      if (isReached(body)) return body;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  async entries(id: string): Promise<EntryJson[]> {
    const all: EntryJson[] = [];
    for (let after: number | null = -1; after !== null; ) {
      const { body }: { body: { entries: EntryJson[]; next: number | null } } = await this.json(
        'GET',
        `/uploads/${id}/entries?after=${after}&limit=50`,
      );
      all.push(...body.entries);
      after = body.next;
    }
    return all;
  }

  /** Uploads and waits for the end. */
  async upload(zip: Buffer, mailboxId?: string): Promise<{ upload: UploadJson; entries: EntryJson[] }> {
    const { body } = await this.announce(zip, undefined, mailboxId);
    const response = await this.send(body.id, zip);
    expect(response.status).toBe(202);
    const upload = await this.until(body.id, ({ state }) => state === 'complete' || state === 'failed');
    return { upload, entries: await this.entries(body.id) };
  }
}

const ACCOUNT = { user: 'kim@example.com', password: 'pw' };

describe('uploading a ZIP', () => {
  let platform: Platform;
  let client: Client;
  const start = async (options: Parameters<typeof startPlatform>[0] = {}): Promise<void> => {
    platform = await startPlatform({ accounts: [ACCOUNT], failedLogInMs: 0, ...options });
    client = await Client.logIn(platform.httpUrl);
  };
  const stored = (path = 'INBOX') => [...platform.account(ACCOUNT.user).messages(path)];
  afterEach(() => platform.stop());

  it('U1, U4: stores every message of a ZIP in one mailbox, byte for byte, and answers for each', async () => {
    await start();
    const contents = ['A: b\r\n\r\nc\0d', 'only\nlf\n', Buffer.from([0xb9, 0xe6, 0x0a])];
    const entries = [
      { name: 'folder/', content: '', isStored: true },
      ...contents.map((content, index) => ({ name: `folder/한글 ${index}.EML`, content, isStored: index === 0 })),
    ];
    const { upload, entries: answers } = await client.upload(zipOf(entries));
    expect(upload).toMatchObject({ state: 'complete', total: 3, succeeded: 3, failed: 0, reason: null });
    expect(answers.map(({ index, name, state, uid }) => [index, name, state, uid])).toEqual([
      [1, 'folder/한글 0.EML', 'stored', 1],
      [2, 'folder/한글 1.EML', 'stored', 2],
      [3, 'folder/한글 2.EML', 'stored', 3],
    ]);
    expect(stored().map((message) => message.read())).toEqual(contents.map((content) => Buffer.from(content)));
    expect(answers.map((entry) => entry.sha256)).toEqual(contents.map((content) => sha256(Buffer.from(content))));
  });

  it('K7: reads names as UTF-8 where they say so or are, else as CP949, else as CP437', async () => {
    await start();
    const named = (name: string | Buffer, flags: number) => ({ name, content: 'x', says: { flags } });
    const { entries } = await client.upload(
      zipOf([
        named('한글.eml', 0x800),
        named('둘.eml', 0),
        named(Buffer.concat([Buffer.from('8c63b9e6b0a2c7cf', 'hex'), Buffer.from('.eml')]), 0),
        named(Buffer.concat([Buffer.from([0x81, 0xff]), Buffer.from('.eml')]), 0),
      ]),
    );
    expect(entries.map(({ name }) => name)).toEqual(['한글.eml', '둘.eml', '똠방각하.eml', 'ü\u00a0.eml']);
  });

  it('names a reason for each entry that it does not store, and stores the others (SPEC U3)', async () => {
    await start({ maxMessageBytes: 1000 });
    const bad: [TestEntry, string][] = [
      [{ name: 'empty.eml', content: '' }, 'empty'],
      [{ name: 'note.txt', content: 'x' }, 'not-eml'],
      [{ name: '__MACOSX/._1.eml', content: 'x' }, 'not-eml'],
      [{ name: 'big.eml', content: 'x'.repeat(1001) }, 'too-large'],
      [{ name: 'crc.eml', content: 'x', says: { crc: 1 } }, 'damaged'],
      [{ name: 'bomb.eml', content: 'x'.repeat(100_000), says: { sizeBytes: 10 } }, 'damaged'],
      [{ name: 'short.eml', content: 'x', says: { sizeBytes: 10 } }, 'damaged'],
      [{ name: 'shortstored.eml', content: 'x', isStored: true, says: { sizeBytes: 10 } }, 'damaged'],
      [{ name: 'inflate.eml', content: '\xff\xff\xff', isStored: true, says: { method: 8 } }, 'damaged'],
      [{ name: 'lzma.eml', content: 'x', isStored: true, says: { method: 14 } }, 'damaged'],
      [{ name: 'locked.eml', content: 'x', says: { flags: 0x801 } }, 'encrypted'],
      [{ name: '../up.eml', content: 'x' }, 'unsafe-name'],
      [{ name: '/abs.eml', content: 'x' }, 'unsafe-name'],
      [{ name: 'a\\..\\b.eml', content: 'x' }, 'unsafe-name'],
      [{ name: 'C:x.eml', content: 'x' }, 'unsafe-name'],
    ];
    const { upload, entries } = await client.upload(zipOf([mail(1), ...bad.map(([entry]) => entry), mail(2)]));
    expect(upload).toMatchObject({ state: 'complete', total: bad.length + 2, succeeded: 2, failed: bad.length });
    expect(entries.filter(({ state }) => state === 'failed').map(({ name, code }) => [name, code])).toEqual(
      bad.map(([{ name }, code]) => [name, code]),
    );
    expect(stored().length).toBe(2);
  });

  it('stores up to the quota and names what did not fit', async () => {
    await start({ accounts: [{ ...ACCOUNT, quotaBytes: 60 }] });
    const { upload, entries } = await client.upload(zipOf([1, 2, 3].map(mail)));
    expect(upload).toMatchObject({ state: 'complete', succeeded: 2, failed: 1 });
    expect(entries[2]).toMatchObject({ name: '3.eml', code: 'over-quota' });
  });

  it.each([
    ['no ZIP', Buffer.from('this is no ZIP, only text'), "can't be read"],
    ['a ZIP cut short', zipOf([mail(1)]).subarray(0, -10), "can't be read"],
    ['an entry that its count hides', zipHidingOne([mail(1), mail(2)]), 'more entries'],
    ['entries that overlap', zipOf([mail(1), { ...mail(2), says: { offset: 0 } }]), 'overlap'],
  ])('fails as a whole for %s', async (_, zip, reason) => {
    await start();
    const { upload } = await client.upload(zip);
    expect(upload.state).toBe('failed');
    expect(upload.reason).toContain(reason);
    expect(stored()).toEqual([]);
  });

  it('fails as a whole when its mailbox is gone', async () => {
    await start();
    const { body: mailbox } = await client.json<{ id: string }>('POST', '/mailboxes', { path: 'gone' });
    const zip = zipOf([mail(1)]);
    const { body: upload } = await client.announce(zip, 'k', mailbox.id);
    const imap = platform.account(ACCOUNT.user);
    expect(imap.listMailboxes().some(({ path }) => path === 'gone')).toBe(true);
    await deleteOverImap(platform.imapPort, 'gone');
    expect((await client.send(upload.id, zip)).status).toBe(202);
    expect(await client.until(upload.id, ({ state }) => state === 'failed')).toMatchObject({ reason: 'The mailbox was deleted' });
  });

  it('applies flags and dates of the manifest, and arrival without one', async () => {
    const now = new Date('2026-03-04T05:06:07Z');
    await start({ now: () => now });
    const zip = zipOf([1, 2].map(mail));
    const { body } = await client.announce(zip);
    const send = (lines: unknown[]): Promise<Response> =>
      client.request('PUT', `/uploads/${body.id}/manifest`, lines.map((line) => `${JSON.stringify(line)}\n`).join(''), {
        'content-type': 'application/jsonl',
      });
    expect((await send([{ name: '2.eml', flags: ['\\Deleted'], internalDate: null }])).status).toBe(204);
    expect((await send([{ name: '1.eml', flags: ['\\seen', '$Label'], internalDate: '2001-02-03T04:05:06+09:00' }])).status).toBe(204);
    await client.send(body.id, zip);
    await client.until(body.id, ({ state }) => state === 'complete');
    expect(stored().map(({ flags, internalDate }) => [flags, internalDate.toISOString()])).toEqual([
      [['\\Seen', '$Label'], '2001-02-02T19:05:06.000Z'],
      [[], now.toISOString()],
    ]);
    expect((await send([])).status).toBe(409);
  });

  it.each([
    ['no JSON', '{'],
    ['no object', '[]'],
    ['no flag', '{"name":"a","flags":["a b"],"internalDate":null}'],
    ['no date', '{"name":"a","flags":[],"internalDate":"yesterday"}'],
    ['too long', `"${'x'.repeat(70_000)}"`],
  ])('refuses a manifest with a line that is %s', async (_, line) => {
    await start();
    const { body } = await client.announce(zipOf([mail(1)]));
    const response = await client.request('PUT', `/uploads/${body.id}/manifest`, line, { 'content-type': 'application/jsonl' });
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ error: { code: 'manifest-invalid' } });
  });

  it('takes the same upload any number of times, and stores it once', async () => {
    await start();
    const zip = zipOf([mail(1)]);
    const first = await client.announce(zip, 'key');
    const second = await client.announce(zip, 'key');
    expect([first.status, second.status]).toEqual([201, 200]);
    expect(second.body.id).toBe(first.body.id);
    expect((await client.announce(zipOf([mail(2)]), 'key')).body).toMatchObject({ error: { code: 'idempotency-conflict' } });
    expect((await client.send(first.body.id, zip)).status).toBe(202);
    expect((await client.send(first.body.id, zip)).status).toBe(200);
    await client.until(first.body.id, ({ state }) => state === 'complete');
    expect((await client.send(first.body.id, zip)).status).toBe(200);
    expect(stored().length).toBe(1);
  });

  it('refuses content that is not what was announced, and takes it when it is', async () => {
    await start();
    const zip = zipOf([mail(1)]);
    const { body } = await client.announce(zip);
    const flipped = Buffer.from(zip);
    flipped.writeUInt8(flipped.readUInt8(40) ^ 1, 40);
    for (const wrong of [zip.subarray(0, -1), Buffer.concat([zip, zip]), flipped, Buffer.alloc(0)]) {
      const response = await client.send(body.id, wrong);
      expect(response.status).toBe(422);
      expect(await response.json()).toMatchObject({ error: { code: 'content-mismatch' } });
    }
    expect(await client.until(body.id, () => true)).toMatchObject({ state: 'awaiting-content' });
    expect((await client.send(body.id, zip)).status).toBe(202);
  });

  it('lets a second sending take over from one that hangs', async () => {
    await start();
    const zip = zipOf([mail(1)]);
    const { body } = await client.announce(zip);
    const hanging = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new Uint8Array(zip.subarray(0, 20))),
    });
    const first = client.request('PUT', `/uploads/${body.id}/content`, hanging, {}).catch(() => null);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect((await client.send(body.id, zip)).status).toBe(202);
    expect((await first)?.status ?? 409).toBe(409);
    await client.until(body.id, ({ state }) => state === 'complete');
    expect(stored().length).toBe(1);
  });

  it('refuses a ZIP of 2^31 bytes before it is sent, and takes one byte less (SPEC U2)', async () => {
    await start();
    const announce = async (sizeBytes: number) =>
      client.json(
        'POST',
        '/uploads',
        { mailboxId: await client.mailboxId(), fileName: 'x.zip', sizeBytes, sha256: '0'.repeat(64) },
        { 'idempotency-key': `${sizeBytes}` },
      );
    expect(await announce(2 ** 31)).toMatchObject({ status: 413, body: { error: { code: 'zip-too-large' } } });
    expect((await announce(2 ** 31 - 1)).status).toBe(201);
  });

  it('refuses everything for an account that is not set up (SPEC U6)', async () => {
    await start({ accounts: [{ ...ACCOUNT, setUp: false }] });
    expect(await client.announce(zipOf([mail(1)]))).toMatchObject({ status: 403, body: { error: { code: 'account-not-set-up' } } });
    expect((await client.send('x', Buffer.from('x'))).status).toBe(403);
  });

  it('leaves nothing in the spool', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'mailferry-spool-'));
    await start({ directory });
    await client.upload(zipOf([mail(1)]));
    await client.upload(Buffer.from('no ZIP'));
    await platform.stop();
    expect(readdirSync(join(directory, 'spool'))).toEqual([]);
    rmSync(directory, { recursive: true });
  });
});

const deleteOverImap = async (port: number, path: string): Promise<void> => {
  const { connect } = await import('node:net');
  const socket = connect(port, '127.0.0.1');
  socket.write(`a LOGIN ${ACCOUNT.user} ${ACCOUNT.password}\r\nb DELETE ${path}\r\nc LOGOUT\r\n`);
  let answers = '';
  for await (const chunk of socket) answers += String(chunk);
  expect(answers).toContain('b OK');
};

describe('an upload that is interrupted', () => {
  const COUNT = 3000;
  let directory: string;
  const children: ChildProcess[] = [];
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'mailferry-kill-'));
  });
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    rmSync(directory, { recursive: true });
  });

  /** A platform in a process of its own, that can be killed. */
  const spawnPlatform = async (): Promise<{ url: string; kill: () => Promise<void> }> => {
    const options = { directory, failedLogInMs: 0, accounts: [ACCOUNT] };
    const script = `import(${JSON.stringify(new URL('../start-platform.ts', import.meta.url).href)})
      .then(({ startPlatform }) => startPlatform(${JSON.stringify(options)})).then(({ httpUrl }) => console.log(httpUrl));`;
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    const [url] = await child.stdout.take(1).toArray();
    const exited = new Promise((resolve) => child.once('exit', resolve));
    return {
      url: String(url).trim(),
      kill: async () => {
        child.kill('SIGKILL');
        await exited;
      },
    };
  };

  it('goes on after SIGKILL without doubling or losing a message', async () => {
    const zip = zipOf(Array.from({ length: COUNT }, (_, n) => (n % 10 === 9 ? { name: `${n}.txt`, content: 'x' } : mail(n))));
    let { url, kill } = await spawnPlatform();
    let client = await Client.logIn(url);
    const { body: upload } = await client.announce(zip);
    expect((await client.send(upload.id, zip)).status).toBe(202);

    const killedAt: number[] = [];
    for (let done = 0; done < COUNT * 0.9 && killedAt.length < 3; ) {
      const { succeeded } = await client.until(upload.id, (now) => now.succeeded > done);
      await kill();
      if (succeeded < COUNT * 0.9) killedAt.push(succeeded);
      done = succeeded;
      ({ url, kill } = await spawnPlatform());
      client = await Client.logIn(url);
    }
    expect(killedAt.length).toBeGreaterThan(0);
    const end = await client.until(upload.id, ({ state }) => state === 'complete');
    expect(end).toMatchObject({ total: COUNT, succeeded: COUNT * 0.9, failed: COUNT * 0.1 });

    const entries = await client.entries(upload.id);
    expect(entries.map(({ index }) => index)).toEqual(Array.from({ length: COUNT }, (_, n) => n));
    await kill();
    const platform = await startPlatform({ directory });
    const messages = [...platform.account(ACCOUNT.user).messages('INBOX')];
    expect(messages.map(({ uid, sha256: hash }) => [uid, hash])).toEqual(
      entries.filter(({ state }) => state === 'stored').map(({ uid, sha256: hash }) => [uid, hash]),
    );
    expect(new Set(messages.map(({ sha256: hash }) => hash)).size).toBe(COUNT * 0.9);
    await platform.stop();
    expect(existsSync(join(directory, 'spool', `${upload.id}.zip`))).toBe(false);
  });

  it('goes on after an orderly stop', async () => {
    const zip = zipOf(Array.from({ length: COUNT }, (_, n) => mail(n)));
    let platform = await startPlatform({ directory, accounts: [ACCOUNT] });
    let client = await Client.logIn(platform.httpUrl);
    const { body: upload } = await client.announce(zip);
    await client.send(upload.id, zip);
    await platform.stop();
    platform = await startPlatform({ directory, accounts: [ACCOUNT] });
    client = await Client.logIn(platform.httpUrl);
    expect(await client.until(upload.id, ({ state }) => state === 'complete')).toMatchObject({ succeeded: COUNT, failed: 0 });
    expect([...platform.account(ACCOUNT.user).messages('INBOX')].length).toBe(COUNT);
    await platform.stop();
  });
});

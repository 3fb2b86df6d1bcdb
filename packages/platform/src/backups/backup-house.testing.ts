import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import yauzl from 'yauzl';
import type { ApiSchemas, PlatformClient } from '../client/platform-client.ts';

export type BackupJson = ApiSchemas['Backup'];

export const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** Name and SHA-256 of every entry; refuses a ZIP whose entries do not have the CRC-32 that it says. */
export const readZip = async (zip: Buffer): Promise<{ name: string; sha256: string }[]> => {
  const file = await yauzl.fromBufferPromise(zip);
  const entries: { name: string; sha256: string }[] = [];
  for await (const entry of file.eachEntry()) {
    const pieces: Buffer[] = [];
    for await (const piece of (await file.openReadStreamPromise(entry)) as AsyncIterable<Buffer>) pieces.push(piece);
    const bytes = Buffer.concat(pieces);
    if (crc32(bytes) !== entry.crc32) throw new Error(`${entry.fileName} has another CRC-32`);
    entries.push({ name: entry.fileName, sha256: sha256(bytes) });
  }
  return entries;
};

/** Asks until it is ready or failed. */
export const untilPrepared = async (client: PlatformClient, id: string): Promise<BackupJson> => {
  for (;;) {
    const { data, error } = await client.GET('/api/v1/backups/{id}', { params: { path: { id } } });
    if (!data) throw new Error(error?.error.code);
    if (data.state !== 'queued' && data.state !== 'preparing') return data;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};

/** The bytes of a part, or the code of its refusal. */
export const download = async (client: PlatformClient, id: string, number = 1, range?: string): Promise<Buffer | string> => {
  const { data, error } = await client.GET('/api/v1/backups/{id}/parts/{number}/content', {
    params: { path: { id, number }, header: range === undefined ? {} : { range } },
    parseAs: 'arrayBuffer',
  });
  return data ? Buffer.from(data) : (error?.error.code ?? 'unknown');
};

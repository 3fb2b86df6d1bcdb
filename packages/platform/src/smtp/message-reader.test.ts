import { PassThrough } from 'node:stream';
import type { SMTPServerDataStream } from 'smtp-server';
import { expect, it } from 'vitest';
import { ClientGone } from '../net/client-stream.ts';
import { MessageReader } from './message-reader.ts';

const openStream = (): SMTPServerDataStream => Object.assign(new PassThrough(), { byteLength: 0, sizeExceeded: false });

it('puts pieces of any size together', async () => {
  const stream = openStream();
  const message = Buffer.from('Subject: x\r\n\r\n'.repeat(20_000));
  for (let at = 0; at < message.length; at += 9973) stream.write(message.subarray(at, at + 9973));
  stream.end();
  expect(await new MessageReader(10_000_000).read(stream)).toEqual(message);
});

it('holds its share of all messages together, and takes more when some are through', async () => {
  const reader = new MessageReader(1000);
  const [first, second, third] = [openStream(), openStream(), openStream()];
  const reading = reader.read(first);
  first.write(Buffer.alloc(800));
  await expect.poll(() => first.readableLength).toBe(0);
  second.end(Buffer.alloc(300));
  expect(await reader.read(second)).toBe('too-many-at-once');
  first.end();
  expect(await reading).toHaveLength(800);
  third.end(Buffer.alloc(1000));
  expect(await reader.read(third)).toHaveLength(1000);
});

it('gives its share back when a message is too large, or is broken off', async () => {
  const reader = new MessageReader(1000);
  const [large, broken, next] = [openStream(), openStream(), openStream()];
  const reading = reader.read(large);
  large.write(Buffer.alloc(900));
  await expect.poll(() => large.readableLength).toBe(0);
  large.sizeExceeded = true;
  large.write(Buffer.alloc(1));
  await expect.poll(() => large.readableLength).toBe(0);
  const breaking = reader.read(broken);
  broken.write(Buffer.alloc(900));
  await expect.poll(() => broken.readableLength).toBe(0);
  broken.destroy();
  await expect(breaking).rejects.toBeInstanceOf(ClientGone);
  next.end(Buffer.alloc(1000));
  expect(await reader.read(next)).toHaveLength(1000);
  large.end();
  expect(await reading).toBe('too-large');
});

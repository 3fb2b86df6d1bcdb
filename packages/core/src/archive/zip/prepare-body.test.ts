import { randomBytes } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { chooseDeflate, prepareBody } from './prepare-body.ts';

const base64 = (bytes: Buffer): Buffer => Buffer.from(bytes.toString('base64').replace(/.{76}/g, '$&\r\n'));

it('deflates text with its repetitions, and base64 of random bytes without the search for them', async () => {
  const text = Buffer.from('안녕하세요, 회의 자료를 첨부합니다.\r\n'.repeat(5000));
  expect(chooseDeflate(text).strategy).toBeUndefined();
  expect(chooseDeflate(base64(randomBytes(200_000))).strategy).toBeDefined();
  const { data, sizeBytes } = await prepareBody(base64(randomBytes(200_000)));
  expect(data.length / sizeBytes).toBeLessThan(0.78);
});

it('stores what deflating would make bigger', async () => {
  const body = randomBytes(5000);
  expect(await prepareBody(body)).toMatchObject({ method: 'store', data: body, sizeBytes: 5000 });
});

it('gives the same bytes for the same message', async () => {
  const body = Buffer.concat([Buffer.from('Subject: x\r\n\r\n'), base64(randomBytes(100_000))]);
  const [a, b] = [await prepareBody(body), await prepareBody(Buffer.from(body))];
  expect(a).toEqual(b);
  expect(inflateRawSync(a.data)).toEqual(body);
});

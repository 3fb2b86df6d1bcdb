import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { BodyPreparer } from './body-preparer.ts';
import { prepareBody } from './prepare-body.ts';
import { WorkThreads } from './work-threads.ts';

let threads: WorkThreads;
let preparer: BodyPreparer;
beforeEach(() => {
  threads = new WorkThreads();
  preparer = new BodyPreparer(threads);
});
afterEach(() => threads.close());

it('gives for each body what the work at once gives, whatever sizes come together', async () => {
  const bodies = [1, 20, 5000, 300_000, 70_000, 3, 1_000_000, 40].map((size) => Buffer.from(randomBytes(size).toString('base64')));
  const expected = bodies.map((body) => prepareBody(Buffer.from(body)));
  expect(await Promise.all(bodies.map((body) => preparer.prepare(body)))).toEqual(expected);
});

it('takes a view of a bigger buffer without touching its neighbours', async () => {
  const whole = Buffer.from('Subject: one\r\n\r\nSubject: two\r\n\r\n');
  const { data, method } = await preparer.prepare(whole.subarray(0, 16));
  expect([method, data.toString()]).toEqual(['store', 'Subject: one\r\n\r\n']);
  expect(whole.toString()).toBe('Subject: one\r\n\r\nSubject: two\r\n\r\n');
});

it('lets nobody wait for a thread that is gone', async () => {
  const waiting = expect(preparer.prepare(randomBytes(10))).rejects.toMatchObject({ code: 'internal' });
  await threads.close();
  await waiting;
  await expect(preparer.prepare(randomBytes(10))).rejects.toMatchObject({ code: 'internal' });
});

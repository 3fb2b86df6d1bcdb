/** The other end of `WorkThreads`. */
import { parentPort } from 'node:worker_threads';
import { checkContent } from './check-content.ts';
import { prepareBody } from './prepare-body.ts';
import { type Answer, type Job, ownBuffer, toBuffer } from './thread-jobs.ts';

const post = (answer: Answer, given: readonly Uint8Array[]): void =>
  parentPort?.postMessage(
    answer,
    given.map(({ buffer }) => buffer as ArrayBuffer),
  );

parentPort?.on('message', (job: Job) => {
  if (job.kind === 'check') {
    const faults = job.entries.map((entry, i) => checkContent(entry, toBuffer(job.contents[i] ?? new Uint8Array())));
    return post({ kind: 'check', faults }, []);
  }
  const prepared = job.bodies.map((body) => {
    const { data, ...rest } = prepareBody(toBuffer(body));
    return { ...rest, data: ownBuffer(data) };
  });
  return post(
    { kind: 'prepare', prepared },
    prepared.map(({ data }) => data),
  );
});

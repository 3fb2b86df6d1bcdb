/** The other end of `BodyPreparer`: takes batches of bodies, gives back batches of prepared ones. */
import { parentPort } from 'node:worker_threads';
import { prepareBody } from './prepare-body.ts';
import { ownBuffer, type PreparedBatch } from './prepared-batch.ts';

parentPort?.on('message', (bodies: readonly Uint8Array[]) => {
  const prepared = bodies.map((body) => {
    const { data, ...rest } = prepareBody(Buffer.from(body.buffer, body.byteOffset, body.byteLength));
    return { ...rest, data: ownBuffer(data) };
  });
  const batch: PreparedBatch = prepared;
  parentPort?.postMessage(
    batch,
    batch.map(({ data }) => data.buffer as ArrayBuffer),
  );
});

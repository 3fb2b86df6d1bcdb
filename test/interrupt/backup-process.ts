/** One backup in a process of its own, which dies where it is told to. Prints how often it changed the disk. */
import { openSigner } from '@mailferry/core/archive';
import { backup } from '@mailferry/core/operations';
import { openSource } from '@mailferry/core/source';
import { KillingDisk, type KillPoint } from './killing-disk.ts';

export interface BackupTask {
  readonly url: string;
  readonly password: string;
  readonly directory: string;
  readonly partLimitBytes: number;
  readonly kill: KillPoint;
  /** age recipients; none leaves the parts in the clear. */
  readonly recipients: readonly string[];
  /** File of the key that signs. */
  readonly signKey: string;
}

const task = JSON.parse(process.argv[2] ?? '') as BackupTask;
const disk = new KillingDisk(task.kill);
const source = openSource({
  url: task.url,
  credential: { kind: 'password', password: task.password },
  allowInsecure: true,
  connections: 1,
  streamAboveBytes: 100_000,
});
const { directory, partLimitBytes, recipients } = task;
const signer = await openSigner(task.signKey);
const report = await backup({ source, directory, partLimitBytes, disk, recipients, signer, signal: new AbortController().signal });
await source.close();
process.stdout.write(
  JSON.stringify({ changes: disk.changes, fetched: report.fetchedMessages, differences: report.reconciliation.differences.length }),
);

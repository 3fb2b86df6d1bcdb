export type { Damage, DamageCode } from '../archive/damage.ts';
export { type Disk, type DiskFile, nodeDisk, type WrittenFile } from '../archive/disk.ts';
export type { PartSummary } from '../archive/part-summary.ts';

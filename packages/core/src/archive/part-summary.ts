/** A sealed part, as it lies on the disk. */
export interface PartSummary {
  readonly fileName: string;
  readonly sizeBytes: number;
  readonly entryCount: number;
  /** Over the whole file, lower-case hex. */
  readonly sha256: string;
}

/** What verify found wrong, where. */
export interface Damage {
  readonly part: string;
  /** Null when the damage is not inside one entry. */
  readonly entryName: string | null;
  readonly code: DamageCode;
  /** The figures behind it, in English. */
  readonly detail: string;
}

export type DamageCode =
  | 'part-missing'
  | 'part-checksum'
  | 'part-unlisted'
  | 'manifest-missing'
  | 'manifest-checksum'
  | 'manifest-invalid'
  | 'directory-invalid'
  | 'entry-missing'
  | 'entry-foreign'
  | 'entry-header'
  | 'entry-content';

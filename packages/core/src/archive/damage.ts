/** What verify found wrong, where. */
export interface Damage {
  /** File name of the part; of another file of the archive where it is not about a part. */
  readonly part: string;
  /** Null when the damage is not inside one entry. */
  readonly entryName: string | null;
  readonly code: DamageCode;
  /** The figures behind it, in English. */
  readonly detail: string;
}

export type DamageCode =
  | 'chain-missing'
  | 'chain-invalid'
  | 'chain-broken'
  | 'head-missing'
  | 'signature-missing'
  | 'signature-invalid'
  | 'signature-foreign'
  | 'checksums-differ'
  | 'listing-missing'
  | 'listing-checksum'
  | 'part-missing'
  | 'part-checksum'
  | 'part-unlisted'
  | 'manifest-missing'
  | 'manifest-checksum'
  | 'manifest-invalid'
  | 'merkle-root'
  | 'directory-invalid'
  | 'entry-missing'
  | 'entry-foreign'
  | 'entry-order'
  | 'entry-header'
  | 'entry-content';

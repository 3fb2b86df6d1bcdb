import { type ContactReading, type ContactSource, openContacts } from './contact-source.ts';

export interface DetectContactsReport {
  readonly kind: 'contacts-detected';
  readonly path: string;
  readonly sizeBytes: number;
  readonly detected: ContactSource['detected'];
  readonly encoding: ContactSource['encoding'];
  /** CSV only. */
  readonly head: ContactSource['head'];
}

/** Tells what an address book is, and why (SPEC C10). Errors: those of `openContacts`. */
export const detectContacts = async (path: string, reading: ContactReading, signal: AbortSignal): Promise<DetectContactsReport> => {
  const { sizeBytes, detected, encoding, head } = await openContacts(path, reading, signal);
  return { kind: 'contacts-detected', path, sizeBytes, detected, encoding, head };
};

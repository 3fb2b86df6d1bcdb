import type { ContactFormat } from './contact-format.ts';
import { csvFormat } from './csv/csv-format.ts';
import { CSV_FORMS } from './csv/csv-forms.ts';
import { LDIF_FORMAT } from './ldif/ldif-format.ts';
import { VCARD_FORMATS } from './vcard/vcard-formats.ts';

/** Every format, by its id. */
export const CONTACT_FORMATS: ReadonlyMap<string, ContactFormat> = new Map(
  [...CSV_FORMS.map(csvFormat), ...VCARD_FORMATS, LDIF_FORMAT].map((format) => [format.id, format] as const),
);

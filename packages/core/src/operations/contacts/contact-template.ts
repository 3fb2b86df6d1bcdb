import type { ContactFormat } from '../../contacts/contact-format.ts';
import { ContactEncoder, type OutputEncoding } from './contact-encoder.ts';
import { contactFormat } from './contact-source.ts';

/** An empty file with the header row of a format (SPEC C6); nothing for formats without one. @throws MailferryError `option-invalid` */
export const contactTemplate = (
  id: string,
  encoding: OutputEncoding = 'utf-8',
): { readonly format: ContactFormat; readonly head: string; readonly bytes: Buffer } => {
  const format = contactFormat(id, 'format');
  const { head } = format.createWriter({ isRaw: true, withNationalId: true, widths: { email: 1, phone: 1, address: 1 } });
  return { format, head, bytes: new ContactEncoder(encoding).head(head, format.family === 'csv') };
};

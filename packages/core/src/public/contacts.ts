export type {
  Contact,
  ContactDate,
  ContactEmail,
  ContactName,
  ContactPhone,
  ContactUrl,
  Messenger,
  Organization,
  OtherField,
  PostalAddress,
  Relation,
} from '../contacts/contact.ts';
export { CONTACT_FIELDS, type ContactFact, type ContactField, missingFacts } from '../contacts/contact-facts.ts';
export { type ContactFormat, type RejectedRow, ROW_PROBLEMS, type RowProblem } from '../contacts/contact-format.ts';
export { CONTACT_FORMATS } from '../contacts/contact-formats.ts';
export { type ContactLoss, contactLosses, LOSS_REASONS, type LossReason } from '../contacts/contact-losses.ts';
export { displayName } from '../contacts/display-name.ts';
export { isNationalId } from '../contacts/national-id.ts';

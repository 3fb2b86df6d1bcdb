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
export { ORG_CHART_PROBLEMS, type OrgChartProblem } from '../contacts/org-chart/org-chart.ts';
export {
  type CheckContactsOptions,
  type CheckContactsReport,
  type CheckedRow,
  checkContacts,
  IMPORT_ROWS,
} from '../operations/contacts/check-contacts.ts';
export { OUTPUT_ENCODINGS, type OutputEncoding } from '../operations/contacts/contact-encoder.ts';
export type { ContactReading } from '../operations/contacts/contact-source.ts';
export type { FieldLoss, RejectionCount } from '../operations/contacts/contact-tally.ts';
export { contactTemplate } from '../operations/contacts/contact-template.ts';
export type { ContactWriting, ConvertContactsOptions, ConvertContactsReport } from '../operations/contacts/conversion-report.ts';
export { convertContacts } from '../operations/contacts/convert-contacts.ts';
export { type DedupeContactsOptions, type DedupeContactsReport, dedupeContacts } from '../operations/contacts/dedupe-contacts.ts';
export { type DetectContactsReport, detectContacts } from '../operations/contacts/detect-contacts.ts';
export {
  type DownloadContactsOptions,
  type DownloadContactsReport,
  downloadContacts,
} from '../operations/contacts/download-contacts.ts';
export { type DrawOrgChartOptions, drawOrgChart, type OrgChartReport } from '../operations/contacts/draw-org-chart.ts';
export { DUPLICATE_RULES, type DuplicateRule } from '../operations/contacts/duplicate-groups.ts';
export { isSplitPath } from '../operations/contacts/output-path.ts';
export { type UploadContactsOptions, type UploadContactsReport, uploadContacts } from '../operations/contacts/upload-contacts.ts';

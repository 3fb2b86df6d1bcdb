export type {
  AddressBook,
  AddressBookTarget,
  ContactImport,
  ExportForm,
  ImportAnswer,
  OrgChartAnswer,
} from '../target/address-book-target.ts';
export type { AppendAnswer, AppendedMessage, AppendTarget, MailboxState, TargetNames } from '../target/append-target.ts';
export { type ImapTargetAddress, openAddressBooks, openImapTarget, openTarget, type TargetAddress } from '../target/open-target.ts';
export type { EntryAnswer, TargetMailbox, TargetMessage, UploadTarget, ZipUpload } from '../target/upload-target.ts';

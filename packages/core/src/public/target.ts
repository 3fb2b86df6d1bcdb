export type { AppendAnswer, AppendedMessage, AppendTarget, MailboxState, TargetNames } from '../target/append-target.ts';
export { type ImapTargetAddress, openImapTarget, openTarget, type TargetAddress } from '../target/open-target.ts';
export type { EntryAnswer, TargetMailbox, TargetMessage, UploadTarget, ZipUpload } from '../target/upload-target.ts';

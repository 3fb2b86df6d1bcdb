export { openTarget, type TargetAddress } from '../target/open-target.ts';
export type { EntryAnswer, TargetMailbox, TargetMessage, UploadTarget, ZipUpload } from '../target/upload-target.ts';

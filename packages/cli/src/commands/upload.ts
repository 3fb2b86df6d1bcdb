import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type UploadReport, upload, uploadZip } from '@mailferry/core/operations';
import { readTargetUrl } from '../account-url.ts';
import type { CommandContext } from '../command-context.ts';
import { requireConsent } from '../consent.ts';
import { openTargetAccount } from '../open-account.ts';
import { optionInvalid } from '../option-invalid.ts';
import { readOptions, uploadOptions } from '../options.ts';

const isFolder = async (path: string, { texts }: CommandContext): Promise<boolean> => {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    const cause = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw optionInvalid('<path>', texts.text('reason.path-unreadable', { cause }));
  }
};

export const runUpload = async (args: unknown, context: CommandContext): Promise<UploadReport> => {
  const { texts, signal, onProgress } = context;
  const options = readOptions(uploadOptions, args, texts);
  const path = resolve(options.path);
  const { mailbox } = options;
  const to = readTargetUrl(options.to, options['allow-insecure'], texts);
  const folder = await isFolder(path, context);
  if (folder && mailbox !== undefined) throw optionInvalid('--mailbox', texts.text('reason.mailbox-needless'));
  if (!folder && mailbox === undefined) throw optionInvalid('--mailbox', texts.text('reason.mailbox-missing'));
  await requireConsent(options.yes, texts.text('ask.consent-upload', { from: path, to: to.url }), context);
  const target = await openTargetAccount(options, to, context);
  try {
    if (mailbox === undefined) return await upload({ directory: path, target, onProgress, signal });
    return await uploadZip({ path, mailbox, target, onProgress, signal });
  } finally {
    await target.close();
  }
};

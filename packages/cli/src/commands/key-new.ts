import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { keyFingerprint, newSigningKey, readPublicKey } from '@mailferry/core/archive';
import type { CommandContext } from '../command-context.ts';
import { optionInvalid } from '../option-invalid.ts';
import { keyOptions, readOptions } from '../options.ts';
import type { Texts } from '../texts.ts';

export interface KeyReport {
  readonly kind: 'key';
  readonly privateKeyPath: string;
  readonly publicKeyPath: string;
  /** Of the public key. */
  readonly fingerprint: string;
}

/** Makes a key pair that signs archives. Throws `option-invalid` where a file is in its place. */
export const runKeyNew = async (args: unknown, { texts }: CommandContext): Promise<KeyReport> => {
  const { path } = readOptions(keyOptions, args, texts);
  const privateKeyPath = resolve(path);
  const publicKeyPath = `${privateKeyPath}.pub`;
  const key = newSigningKey();
  await writeNew(privateKeyPath, key.privateKey, 0o600, texts);
  await writeNew(publicKeyPath, key.publicKey, 0o644, texts);
  return { kind: 'key', privateKeyPath, publicKeyPath, fingerprint: keyFingerprint(await readPublicKey(publicKeyPath)) };
};

const writeNew = async (path: string, text: string, mode: number, texts: Texts): Promise<void> => {
  try {
    await using file = await open(path, 'wx', mode);
    await file.writeFile(text);
    await file.sync();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw optionInvalid(
      '<path>',
      code === 'EEXIST' ? texts.text('reason.file-exists', { path }) : texts.text('reason.unusable', { cause: code }),
    );
  }
};

import { z } from 'zod';
import { PlatformError } from '../platform-error.ts';
import { storedFlags } from '../store/flags.ts';
import type { ManifestLine } from '../store/uploads.ts';
import type { UploadLimits } from './upload-limits.ts';

/** One line of the manifest: what an EML can't carry. */
const MANIFEST_LINE = z.object({
  name: z.string().min(1).max(4096),
  flags: z.array(z.string()).max(100),
  internalDate: z.iso.datetime({ offset: true }).nullable(),
});

const LF = 0x0a;
const BATCH = 1000;

const invalid = (lineNumber: number, reason: string): PlatformError =>
  new PlatformError('manifest-invalid', `Line ${lineNumber} of the manifest: ${reason}`);

const parseLine = (bytes: Buffer, lineNumber: number): ManifestLine => {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw invalid(lineNumber, 'it is no JSON');
  }
  const parsed = MANIFEST_LINE.safeParse(value);
  if (!parsed.success)
    throw invalid(lineNumber, parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
  const { name, flags, internalDate } = parsed.data;
  try {
    return { name, flags: storedFlags(flags), internalDate: internalDate === null ? null : new Date(internalDate) };
  } catch (error) {
    throw error instanceof PlatformError ? invalid(lineNumber, error.message) : error;
  }
};

async function* splitLines(content: AsyncIterable<Uint8Array>, limits: UploadLimits): AsyncGenerator<Buffer, void, undefined> {
  let rest: Buffer = Buffer.alloc(0);
  let totalBytes = 0;
  for await (const chunk of content) {
    totalBytes += chunk.length;
    if (totalBytes > limits.manifestBytes)
      throw new PlatformError('body-too-large', `A manifest has at most ${limits.manifestBytes} bytes`);
    rest = Buffer.concat([rest, chunk]);
    for (let end = rest.indexOf(LF); end !== -1; end = rest.indexOf(LF)) {
      yield rest.subarray(0, end);
      rest = rest.subarray(end + 1);
    }
    if (rest.length > limits.manifestLineBytes) {
      throw new PlatformError('manifest-invalid', `A line of the manifest has more than ${limits.manifestLineBytes} bytes`);
    }
  }
  yield rest;
}

/** JSON Lines in batches; blank lines are passed over. @throws PlatformError `manifest-invalid`, `body-too-large` */
export async function* readManifest(
  content: AsyncIterable<Uint8Array>,
  limits: UploadLimits,
): AsyncGenerator<ManifestLine[], void, undefined> {
  let lineNumber = 0;
  let batch: ManifestLine[] = [];
  for await (const line of splitLines(content, limits)) {
    lineNumber += 1;
    if (line.toString('latin1').trim() !== '') batch.push(parseLine(line, lineNumber));
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  yield batch;
}

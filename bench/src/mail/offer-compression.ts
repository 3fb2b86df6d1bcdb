import { appendFileSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import type { Dovecot } from '../../../test/fixtures/dovecot.ts';

const SETTINGS = `
protocol imap {
  mail_plugins = zlib imap_zlib
}
`;

/** Makes a running server offer COMPRESS (RFC 4978) to whoever connects from now on: it lies beside its certificate, and reads its settings again. */
export const offerCompression = (dovecot: Dovecot): void => {
  const directory = dirname(dovecot.certificatePath);
  appendFileSync(join(directory, 'dovecot.conf'), SETTINGS);
  process.kill(Number(readFileSync(join(directory, 'run/master.pid'), 'utf8')), 'SIGHUP');
};

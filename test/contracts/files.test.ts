import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openSource } from '@mailferry/core/source';
import { encodeMutf7 } from '../../packages/core/src/mail/mailbox-name.ts';
import { storedZip } from '../fixtures/stored-zip.ts';
import { describeMailSource, type MailWorld } from './mail-source-contract.ts';

type Mail = ReadonlyMap<string, readonly Buffer[]>;

/** A folder that is written anew after each change of its mail; `write` gives the files, by path. */
const folderWorld = (scheme: string, mail: Mail, write: (mail: Mail) => Readonly<Record<string, Buffer>>, only?: string): MailWorld => {
  const root = mkdtempSync(join(tmpdir(), 'mailferry-world-'));
  const kept = new Map(Array.from(mail, ([mailbox, messages]) => [mailbox, [...messages]] as [string, (Buffer | null)[]]));
  const update = (): void => {
    const wanted = write(kept as unknown as Mail);
    for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' }))
      if (statSync(join(root, name)).isFile() && !(name in wanted)) rmSync(join(root, name));
    for (const [name, bytes] of Object.entries(wanted)) {
      const path = join(root, name);
      mkdirSync(dirname(path), { recursive: true });
      if (!statSync(path, { throwIfNoEntry: false }) || !readFileSync(path).equals(bytes)) writeFileSync(path, bytes);
    }
  };
  update();
  return {
    open: (streamAboveBytes) => openSource({ url: `${scheme}:${only === undefined ? root : join(root, only)}`, streamAboveBytes }),
    add: async (mailbox, message) => {
      kept.get(mailbox)?.push(message);
      update();
    },
    removeFirst: async (mailbox) => {
      const messages = kept.get(mailbox) ?? [];
      messages[messages.findIndex((message) => message !== null)] = null;
      update();
    },
    snapshot: async () =>
      readdirSync(root, { recursive: true, encoding: 'utf8' })
        .toSorted()
        .map((name) => [name, statSync(join(root, name)).mtimeMs, statSync(join(root, name)).size]),
    [Symbol.asyncDispose]: async () => rmSync(root, { recursive: true }),
  };
};

/** Each message under a name that stays its own; those that are gone are null. */
const byPath = (mail: Mail, pathOf: (mailbox: string, n: number) => string): Record<string, Buffer> =>
  Object.fromEntries(
    Array.from(mail).flatMap(([mailbox, messages]) =>
      messages.flatMap((bytes: Buffer | null, n) => (bytes === null ? [] : [[pathOf(mailbox, n), bytes] as const])),
    ),
  );

const FROM_LINE = 'From kim@example.com Mon Jan  5 12:00:01 2026\n';
/** Writes an mboxrd: every line that looks like a From_ line gets a `>`. */
const mboxrd = (messages: readonly (Buffer | null)[]): Buffer => {
  const quote = (message: Buffer): string => message.toString('latin1').replace(/^(>*From )/gm, '>$1');
  return Buffer.from(messages.map((message) => (message === null ? '' : `${FROM_LINE}${quote(message)}\n`)).join(''), 'latin1');
};

describeMailSource('mbox files', {
  makeWorld: async (mail) =>
    folderWorld('mbox', mail, (kept) =>
      Object.fromEntries(Array.from(kept, ([mailbox, messages]) => [`${mailbox}.mbox`, mboxrd(messages)])),
    ),
});

describeMailSource('a Maildir with Maildir++ folders', {
  makeWorld: async (mail) =>
    folderWorld('maildir', mail, (kept) =>
      byPath(kept, (mailbox, n) => {
        const folder = mailbox === 'INBOX' ? '' : `.${mailbox.split('/').map(encodeMutf7).join('.')}`;
        return join(folder, n % 2 === 0 ? 'cur' : 'new', `${1_700_000_000 + n}.M${n}.host${n % 2 === 0 ? ':2,FS' : ''}`);
      }),
    ),
});

describeMailSource('a folder of EML files', {
  makeWorld: async (mail) =>
    folderWorld('eml', mail, (kept) => byPath(kept, (mailbox, n) => join(mailbox === 'INBOX' ? '' : mailbox, `메일 ${n}.EML`))),
});

describeMailSource('a ZIP of EML files', {
  makeWorld: async (mail) =>
    folderWorld('zip', mail, (kept) => ({ 'backup.zip': storedZip(byPath(kept, (mailbox, n) => `${mailbox}/${n}.eml`)) }), 'backup.zip'),
});

import { basename, resolve } from 'node:path';
import { ArchiveReader, type ArchiveReaderOptions } from '../archive/archive-reader.ts';
import type { ArchivedMessage } from '../archive/archived-message.ts';
import { readChainFile } from '../archive/chain-file.ts';
import { frameMailboxPage } from '../index-pages/mailbox-page.ts';
import { type IndexedMessage, messageItem } from '../index-pages/message-item.ts';
import { startPage } from '../index-pages/start-page.ts';
import { type IndexLanguage, type Speech, speechOf } from '../index-pages/words.ts';
import { type IndexFolder, openIndexFolder, START_FILE } from './index-folder.ts';
import { IndexLayout } from './index-layout.ts';
import { listMailboxes } from './list-archive.ts';
import { messageDate } from './message-date.ts';
import type { OnProgress } from './progress.ts';
import { ProgressMeter } from './progress-meter.ts';
import { type ArchivedText, readTexts } from './read-texts.ts';
import { ShortHashes } from './short-hash.ts';
import { TextSpool } from './text-spool.ts';

export interface IndexOptions extends ArchiveReaderOptions {
  /** A folder that is new, empty, or of an earlier index; not in the archive. */
  readonly out: string;
  /** Of the pages. Default `en`. */
  readonly language?: IndexLanguage;
  /** IANA name; of the times on the pages. */
  readonly timeZone: string;
  readonly onProgress?: OnProgress;
}

export interface IndexReport {
  readonly kind: 'index';
  readonly path: string;
  /** The page to begin with. */
  readonly startFile: string;
  readonly mailboxes: number;
  readonly messages: number;
  readonly pages: number;
  /** Messages that are bigger, or have more text or parts, than is looked at. */
  readonly readInPart: number;
  /** Messages that could not be read; the pages say so at their place. */
  readonly unread: number;
}

/**
 * Writes pages about what is in an archive, to be opened in a browser without a server or a network. The same archive and options
 * give the same bytes. Holds one message at a time, and some 50 bytes for each.
 * Errors: `index-folder-refused`, `disk-full`, `disk-failed`, those of `ArchiveReader`.
 */
export const indexArchive = async (options: IndexOptions): Promise<IndexReport> => {
  const { directory, out, language = 'en', timeZone } = options;
  const reader = await ArchiveReader.open(options);
  const layout = new IndexLayout();
  const hashes = new ShortHashes();
  for await (const message of reader.messages()) {
    layout.add(message.mailbox, messageDate(message));
    hashes.add(message.sha256);
  }
  const folder = await openIndexFolder(out, directory);
  const spool = await TextSpool.create(folder.spoolPath, layout.messageCount);
  try {
    const counts = await spoolMessages(reader, spool, { speech: speechOf(language, timeZone), digits: hashes.digits(), options });
    const written = await writePages(options, folder, layout, spool);
    return { kind: 'index', path: out, startFile: resolve(out, START_FILE), messages: layout.messageCount, ...written, ...counts };
  } finally {
    await spool.close();
  }
};

interface ItemOptions {
  readonly speech: Speech;
  /** Of the short hashes. */
  readonly digits: number;
  readonly options: IndexOptions;
}

/** Makes the HTML of each message, in the order of the archive. */
const spoolMessages = async (reader: ArchiveReader, spool: TextSpool, { speech, digits, options }: ItemOptions) => {
  const progress = new ProgressMeter(options.onProgress);
  const hasVanished = await reader.vanished();
  let [readInPart, unread] = [0, 0];
  progress.begin('reading', { messages: reader.messageCount });
  for await (const one of readTexts(reader)) {
    if (one.kind === 'unread') unread += 1;
    else if (!one.text.isWhole) readInPart += 1;
    await spool.add(messageItem(toIndexed(one, digits, hasVanished(one.message)), speech));
    progress.advance(1, one.message.sizeBytes, one.message.mailbox);
  }
  return { readInPart, unread };
};

const fileOf = ({ part, name }: ArchivedMessage): string => `${part}: ${name}`;

const toIndexed = (one: ArchivedText, digits: number, hasVanished: boolean): IndexedMessage => {
  const { sha256, sizeBytes, flags } = one.message;
  const content = one.kind === 'read' ? one.text : { unread: one.error.code };
  return { id: sha256.slice(0, digits), file: fileOf(one.message), date: messageDate(one.message), sizeBytes, flags, hasVanished, content };
};

async function* pageContent(head: string, items: AsyncIterable<Buffer>, foot: string): AsyncGenerator<Buffer> {
  yield Buffer.from(head);
  yield* items;
  yield Buffer.from(foot);
}

/** The first page comes last: it leads only to what is there. */
const writePages = async (options: IndexOptions, folder: IndexFolder, layout: IndexLayout, spool: TextSpool) => {
  const { directory, language = 'en', timeZone } = options;
  const speech = speechOf(language, timeZone);
  const name = basename(resolve(directory));
  const { mailboxes } = await listMailboxes(options);
  const laidOut = mailboxes.map((mailbox, order) => ({ mailbox, pages: layout.pages(mailbox.path, order) }));
  for (const { mailbox, pages } of laidOut) {
    const fileNames = pages.map(({ fileName }) => fileName);
    for (const [at, { fileName, messages }] of pages.entries()) {
      const page = { name, mailbox: mailbox.path, page: at + 1, fileNames, startFileName: START_FILE, messages: mailbox.messages };
      const { head, foot } = frameMailboxPage(page, speech);
      await folder.write(fileName, pageContent(head, spool.read(messages), foot));
    }
  }
  const listed = laidOut.map(({ mailbox, pages }) => ({ ...mailbox, fileName: pages[0]?.fileName ?? '' }));
  const { links } = await readChainFile(directory);
  await folder.write(START_FILE, [startPage({ name, mailboxes: listed, parts: links }, speech)]);
  await folder.removeOldPages();
  return { mailboxes: mailboxes.length, pages: laidOut.reduce((sum, { pages }) => sum + pages.length, 1) };
};

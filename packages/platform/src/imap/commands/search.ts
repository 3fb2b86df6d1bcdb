import { decodeCharset, isKnownCharset } from '../../mime/charset.ts';
import { enableCondstore } from '../condstore.ts';
import type { Cursor } from '../grammar/cursor.ts';
import { type ReturnOption, readReturnOptions } from '../grammar/return-options.ts';
import { namesModseq, readSearchKeys } from '../grammar/search-key.ts';
import { formatSequenceSet } from '../grammar/sequence-set.ts';
import { compileSearch } from '../message-search.ts';
import { findMessages } from '../search-run.ts';
import { bad, type Command, no, ok, onSelected, type Reply, type Session } from '../session.ts';

/** A message that was found, by number or UID as the command wants it. */
interface Found {
  readonly id: number;
  readonly modseq: number;
}

const readCharset = (session: Session, cursor: Cursor): string | Reply => {
  if (!cursor.accept('CHARSET ')) return 'UTF-8';
  // RFC 6855 §3: everything is UTF-8 then.
  if (session.enabled.has('UTF8=ACCEPT')) return bad('There is no CHARSET after ENABLE UTF8=ACCEPT');
  const charset = cursor.astring().toString('latin1');
  cursor.space();
  return isKnownCharset(charset) ? charset : no('That charset is unknown here', 'BADCHARSET (US-ASCII UTF-8)');
};

/** RFC 3501 §7.2.5, RFC 7162 §3.1.5. */
const plainAnswer = (found: readonly Found[], showsModseq: boolean): string => {
  const modseq = showsModseq && found.length > 0 ? ` (MODSEQ ${highest(found)})` : '';
  return `* SEARCH${found.map(({ id }) => ` ${id}`).join('')}${modseq}\r\n`;
};

const highest = (found: readonly Found[]): number => found.reduce((top, { modseq }) => Math.max(top, modseq), 0);

/** RFC 4731 §3.1; of the mod-sequences that of the messages that are shown, RFC 7162 §3.1.10. */
const extendedAnswer = (
  found: readonly Found[],
  options: ReadonlySet<ReturnOption>,
  { tag, byUid, showsModseq }: { readonly tag: string; readonly byUid: boolean; readonly showsModseq: boolean },
): string => {
  const [first, last] = [found[0], found.at(-1)];
  const items: string[] = [];
  if (first && last) {
    if (options.has('MIN')) items.push(`MIN ${first.id}`);
    if (options.has('MAX')) items.push(`MAX ${last.id}`);
    if (options.has('ALL')) items.push(`ALL ${formatSequenceSet(found.map(({ id }) => id))}`);
  }
  if (options.has('COUNT')) items.push(`COUNT ${found.length}`);
  if (first && last && showsModseq) {
    const isWhole = options.has('ALL') || options.has('COUNT');
    const shown = isWhole ? found : [...(options.has('MIN') ? [first] : []), ...(options.has('MAX') ? [last] : [])];
    items.push(`MODSEQ ${highest(shown)}`);
  }
  return `* ESEARCH (TAG "${tag}")${byUid ? ' UID' : ''}${items.map((item) => ` ${item}`).join('')}\r\n`;
};

const searching = (byUid: boolean): Command =>
  onSelected(
    async (session, cursor, selected) => {
      cursor.space();
      const options = readReturnOptions(cursor);
      const charset = readCharset(session, cursor);
      if (typeof charset !== 'string') return charset;
      const key = readSearchKeys(cursor, (bytes) => decodeCharset(bytes, charset));
      const showsModseq = namesModseq(key);
      if (showsModseq) await enableCondstore(session);
      const { clock, stream, tag } = session;
      const messages = await findMessages(session, selected, compileSearch(key, { selected, clock }));
      const found = messages.map(({ uid, modseq }) => ({ id: byUid ? uid : (selected.numberOf(uid) ?? 0), modseq }));
      await stream.write(options ? extendedAnswer(found, options, { tag, byUid, showsModseq }) : plainAnswer(found, showsModseq));
      return ok('Searched');
    },
    { keepsNumbers: true },
  );

/** RFC 3501 §6.4.4. */
export const search = searching(false);
export const uidSearch = searching(true);

import { readSearchKeys } from '../grammar/search-key.ts';
import { compileSearch } from '../message-search.ts';
import { bad, type Command, no, ok, onSelected, takeTurns } from '../session.ts';

const CHARSETS = ['US-ASCII', 'UTF-8'];
/** After that many messages other connections have their turn. */
const TURN = 50;

const searching = (byUid: boolean): Command =>
  onSelected(
    async (session, cursor, selected) => {
      cursor.space();
      if (cursor.accept('CHARSET ')) {
        // RFC 6855 §3: everything is UTF-8 then.
        if (session.enabled.has('UTF8=ACCEPT')) return bad('There is no CHARSET after ENABLE UTF8=ACCEPT');
        const charset = cursor.astring().toString('latin1').toUpperCase();
        if (!CHARSETS.includes(charset)) return no('That charset is unknown here', `BADCHARSET (${CHARSETS.join(' ')})`);
        cursor.space();
      }
      const test = compileSearch(readSearchKeys(cursor), { store: session.store, selected, clock: session.clock });
      await session.stream.write('* SEARCH');
      for (const [index, uid] of selected.uids().entries()) {
        if (index % TURN === TURN - 1) await takeTurns();
        const message = session.store.messages.find(selected.mailboxId, uid);
        if (message && test(message)) await session.stream.write(` ${byUid ? uid : index + 1}`);
      }
      await session.stream.write('\r\n');
      return ok('Searched');
    },
    { keepsNumbers: true },
  );

/** RFC 3501 §6.4.4. */
export const search = searching(false);
export const uidSearch = searching(true);

import { enableCondstore } from '../condstore.ts';
import { loggedIn, ok } from '../session.ts';

/** RFC 5161: what is unknown here is passed over. */
export const enable = loggedIn(async (session, cursor) => {
  const asked = new Set<string>();
  do {
    cursor.space();
    asked.add(cursor.atom().toUpperCase());
  } while (!cursor.isAtEnd);
  const enabled: string[] = [];
  if (asked.has('CONDSTORE')) {
    await enableCondstore(session);
    enabled.push('CONDSTORE');
  }
  if (asked.has('UTF8=ACCEPT')) {
    session.enabled.add('UTF8=ACCEPT');
    enabled.push('UTF8=ACCEPT');
  }
  await session.stream.write(`* ENABLED${enabled.map((name) => ` ${name}`).join('')}\r\n`);
  return ok('Enabled');
});

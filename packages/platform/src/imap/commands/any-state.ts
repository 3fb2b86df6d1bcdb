import { capabilities } from '../capabilities.ts';
import type { Cursor } from '../grammar/cursor.ts';
import { bad, type Command, loggedIn, no, ok } from '../session.ts';

/** RFC 3501 §6.1.1. */
export const capability: Command = {
  state: 'any',
  run: async (session, cursor) => {
    cursor.end();
    await session.stream.write(`* CAPABILITY ${capabilities(session)}\r\n`);
    return ok('That is what I do');
  },
};

/** RFC 3501 §6.1.2, §6.4.1: changes of the selected mailbox are told by the connection. */
export const noop: Command = {
  state: 'any',
  run: (_, cursor) => {
    cursor.end();
    return ok('Done');
  },
};

/** RFC 3501 §6.1.3. */
export const logout: Command = {
  state: 'any',
  run: async (session, cursor) => {
    cursor.end();
    await session.stream.write('* BYE Until next time\r\n');
    return { ...ok('Logged out'), next: 'close' };
  },
};

/** RFC 3501 §6.2.1. */
export const startTls: Command = {
  state: 'not-logged-in',
  run: (session, cursor) => {
    cursor.end();
    if (session.isSecure) return bad('This connection has TLS already');
    if (!session.canStartTls) return no('There is no TLS here');
    return { ...ok('Begin TLS now'), next: 'start-tls' };
  },
};

const readNullableString = (cursor: Cursor): void => {
  if (!cursor.accept('NIL')) cursor.string();
};

/** RFC 2971. What the client says of itself is not kept. */
export const id: Command = {
  state: 'any',
  run: async (session, cursor) => {
    cursor.space();
    if (cursor.peek() === '(') cursor.list(() => readNullableString(cursor));
    else cursor.expect('NIL');
    cursor.end();
    await session.stream.write('* ID ("name" "Mailferry platform")\r\n');
    return ok('Pleased to meet you');
  },
};

/** RFC 2342. */
export const namespace = loggedIn(async (session, cursor) => {
  cursor.end();
  await session.stream.write('* NAMESPACE (("" "/")) NIL NIL\r\n');
  return ok('One namespace');
});

/** RFC 2177. */
export const idle = loggedIn(async (session, cursor) => {
  cursor.end();
  const { stream, selected, limits } = session;
  await stream.write('+ Idling\r\n');
  let line: Buffer | null | undefined;
  const answer = stream.readLine(limits.lineBytes).then((received) => {
    line = received;
  });
  // Awaited below; this one only keeps a failure that comes while something is being told from ending the process.
  answer.catch(() => {});
  while (line === undefined) {
    await selected?.tell(session, true);
    await stream.flush();
    await (selected ? Promise.race([answer, selected.nextChange()]) : answer);
  }
  if (line === null) return { ...bad('The connection ended'), next: 'close' };
  return line.toString('latin1').toUpperCase() === 'DONE' ? ok('Done idling') : bad('Expected DONE');
});

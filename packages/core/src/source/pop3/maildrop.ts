import { createHash } from 'node:crypto';
import { MailferryError } from '../../errors.ts';
import type { LoggedIn } from './log-in.ts';
import { toBusyError } from './log-in.ts';

/** A maildrop with more messages than this is refused rather than held in memory. */
const MAX_MESSAGES = 500_000;

/** One message of a maildrop, as this session numbers it. */
export interface DropMessage {
  readonly number: number;
  /** As LIST says; the body may differ. */
  readonly sizeBytes: number;
  /** As UIDL says; null where the server has none. */
  readonly uidl: string | null;
  /** Stable over sessions: the UIDL where it is there and the message's alone, else made of its content. */
  readonly locator: string;
}

/** The messages of one session. Numbers hold as long as the session (RFC 1939 §5). */
export interface Maildrop {
  readonly messages: ReadonlyMap<string, DropMessage>;
  /** False where the server has no UIDL. */
  readonly hasUidl: boolean;
  /** How many messages shared a UIDL with another one. */
  readonly repeatedCount: number;
}

interface Listed {
  readonly number: number;
  readonly sizeBytes: number;
}

/**
 * Lists the session's messages and gives each a name that holds. Where the server gives none, or the same to several,
 * the content does: these messages are fetched for it (SPEC S28, S29). Errors: `listing-incomplete`, `server-refused`.
 */
export const readMaildrop = async (session: LoggedIn): Promise<Maildrop> => {
  const listed = await readList(session);
  const uidls = await readUidls(session);
  if (uidls && uidls.size !== listed.length)
    throw new MailferryError('listing-incomplete', {
      mailbox: 'INBOX',
      announced: Math.max(uidls.size, listed.length),
      listed: Math.min(uidls.size, listed.length),
    });
  const uses = new Map<string, number>();
  for (const uidl of uidls?.values() ?? []) uses.set(uidl, (uses.get(uidl) ?? 0) + 1);
  const messages = new Map<string, DropMessage>();
  let repeatedCount = 0;
  for (const { number, sizeBytes } of listed) {
    const uidl = uidls?.get(number) ?? null;
    if (uidls && uidl === null)
      throw new MailferryError('listing-incomplete', { mailbox: 'INBOX', announced: listed.length, listed: uidls.size });
    const isAlone = uidl !== null && uses.get(uidl) === 1;
    if (uidl !== null && !isAlone) repeatedCount += 1;
    const locator = isAlone ? uidl : unused(messages, `${uidl ?? ''}${CONTENT}${await hashContent(session, number)}`);
    messages.set(locator, { number, sizeBytes, uidl, locator });
  }
  return { messages, hasUidl: uidls !== null, repeatedCount };
};

/** Stands before the hash in a name that is made of content. UIDLs are printable and have no space (RFC 1939 §7). */
const CONTENT = ' sha256:';

/** Whether the server itself calls the message so, and no other. */
export const isNamedByServer = ({ uidl, locator }: DropMessage): boolean => uidl === locator;

/** A second message with the same content gets a number behind it. */
const unused = (taken: ReadonlyMap<string, unknown>, name: string): string => {
  let candidate = name;
  for (let i = 2; taken.has(candidate); i += 1) candidate = `${name} #${i}`;
  return candidate;
};

const readList = async ({ connection }: LoggedIn): Promise<Listed[]> => {
  const { address } = connection;
  const reply = await connection.command('LIST');
  if (!reply.isOk)
    throw toBusyError(reply, address) ?? new MailferryError('server-refused', { host: address.host, command: 'LIST', reply: reply.text });
  const listed: Listed[] = [];
  for await (const line of connection.lines(MAX_MESSAGES)) {
    const [, number, sizeBytes] = /^(\d{1,10}) (\d{1,15})/.exec(line) ?? [];
    if (number === undefined) throw connection.violation('a line of LIST that is none');
    listed.push({ number: Number(number), sizeBytes: Number(sizeBytes) });
  }
  return listed;
};

/** Null where the server knows no UIDL. */
const readUidls = async ({ connection }: LoggedIn): Promise<Map<number, string> | null> => {
  if (!(await connection.command('UIDL')).isOk) return null;
  const uidls = new Map<number, string>();
  for await (const line of connection.lines(MAX_MESSAGES)) {
    const [, number, uidl] = /^(\d{1,10}) (\S+)\s*$/.exec(line) ?? [];
    if (number === undefined || uidl === undefined) throw connection.violation('a line of UIDL that is none');
    uidls.set(Number(number), uidl);
  }
  return uidls;
};

const hashContent = async ({ connection }: LoggedIn, number: number): Promise<string> => {
  const { host } = connection.address;
  const reply = await connection.command(`RETR ${number}`);
  if (!reply.isOk) throw new MailferryError('server-refused', { host, command: `RETR ${number}`, reply: reply.text });
  const hash = createHash('sha256');
  for await (const piece of connection.body()) hash.update(piece);
  return hash.digest('hex');
};

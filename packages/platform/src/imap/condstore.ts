import type { Session } from './session.ts';

/** RFC 7162 §3.1: from the first command that asks for mod-sequences on, changes are told with them. */
export const enableCondstore = async (session: Session): Promise<void> => {
  if (session.enabled.has('CONDSTORE')) return;
  session.enabled.add('CONDSTORE');
  const mailbox = session.selected && session.store.mailboxes.byId(session.selected.mailboxId);
  if (mailbox) await session.stream.write(`* OK [HIGHESTMODSEQ ${mailbox.highestModseq}] Highest\r\n`);
};

import type { MessageSummary } from '../store/message-reads.ts';
import type { StoredMessage } from '../store/messages.ts';
import type { CompiledSearch, Question, Verdict } from './message-search.ts';
import { newPause, type Pause } from './pause.ts';
import { findInBody, readSearchedHeader, type SearchedHeader } from './search-content.ts';
import type { SelectedMailbox } from './selected-mailbox.ts';
import type { Session } from './session.ts';

export interface FoundMessage {
  readonly uid: number;
  readonly modseq: number;
}

/** True, false, or null for what only the body tells. */
const headerAnswer = (header: SearchedHeader, question: Question): Verdict => {
  if (question.kind === 'header' || question.kind === 'sent') return header.answer(question);
  return question.kind === 'text' && header.foldedText.includes(question.text) ? true : null;
};

/** Looks at the header, and only if the verdict is still open at the body. */
const answerAll = async (
  session: Session,
  message: StoredMessage,
  summary: MessageSummary,
  { judge, questions }: CompiledSearch,
  pause: Pause,
): Promise<boolean> => {
  const header = readSearchedHeader(session, message);
  const answers = questions.map((question) => headerAnswer(header, question));
  const early = judge(summary, answers);
  if (early !== null) return early;
  const isOpen = (index: number): boolean => answers[index] === null;
  const open = questions.flatMap((question, index) => (isOpen(index) && 'text' in question ? question.text : []));
  const found = await findInBody(session, message, open, pause);
  const final = questions.map((question, index) => answers[index] ?? ('text' in question && found.has(question.text)));
  return judge(summary, final) ?? false;
};

/** Keeps the body readable while other sessions have their turn. */
const judgeByContent = async (
  session: Session,
  selected: SelectedMailbox,
  summary: MessageSummary,
  search: CompiledSearch,
  pause: Pause,
): Promise<boolean> => {
  const { messages } = session.store;
  const message = messages.find(selected.mailboxId, summary.uid);
  if (!message) return false;
  const release = messages.bodies.hold([message.bodyId]);
  try {
    return await answerAll(session, message, summary, search, pause);
  } finally {
    release();
  }
};

/** Messages of the view that the search finds, by UID. Those that no longer exist are not found. */
export const findMessages = async (session: Session, selected: SelectedMailbox, search: CompiledSearch): Promise<FoundMessage[]> => {
  const pause = newPause();
  const found: FoundMessage[] = [];
  // A copy: the view may change while others have their turn.
  for (const batch of session.store.messages.eachSummary(selected.mailboxId, [...selected.uids()])) {
    for (const summary of batch) {
      const verdict = search.judge(summary, []) ?? (await judgeByContent(session, selected, summary, search, pause));
      if (verdict) found.push({ uid: summary.uid, modseq: summary.modseq });
    }
    await pause();
  }
  return found;
};

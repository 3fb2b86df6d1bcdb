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

const NONE: ReadonlySet<number> = new Set();

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
  const open = (kind: 'body' | 'text'): string[] =>
    questions.flatMap((question, index) => (question.kind === kind && answers[index] === null ? question.text : []));
  const found = await findInBody(session, message, { body: open('body'), text: open('text') }, pause);
  const final = questions.map(
    (question, index) =>
      answers[index] ?? ((question.kind === 'body' || question.kind === 'text') && found[question.kind].has(question.text)),
  );
  return judge(summary, final) ?? false;
};

/** Those of one batch whose content has to be looked at. Their bodies stay readable while other sessions have their turn. */
const judgeByContent = async (
  session: Session,
  selected: SelectedMailbox,
  open: ReadonlyMap<number, MessageSummary>,
  search: CompiledSearch,
  pause: Pause,
): Promise<ReadonlySet<number>> => {
  const matching = new Set<number>();
  for (const message of session.store.messages.each(selected.mailboxId, [...open.keys()])) {
    const summary = open.get(message.uid);
    if (summary && (await answerAll(session, message, summary, search, pause))) matching.add(message.uid);
    await pause();
  }
  return matching;
};

/** Messages of the view that the search finds, by UID. Those that no longer exist are not found. */
export const findMessages = async (session: Session, selected: SelectedMailbox, search: CompiledSearch): Promise<FoundMessage[]> => {
  const pause = newPause();
  const found: FoundMessage[] = [];
  // A copy: the view may change while others have their turn.
  for (const batch of session.store.messages.eachSummary(selected.mailboxId, [...selected.uids()])) {
    const verdicts = batch.map((summary) => search.judge(summary, []));
    const open = new Map(batch.filter((_, index) => verdicts[index] === null).map((summary) => [summary.uid, summary]));
    const matching = open.size > 0 ? await judgeByContent(session, selected, open, search, pause) : NONE;
    for (const [index, { uid, modseq }] of batch.entries()) if (verdicts[index] ?? matching.has(uid)) found.push({ uid, modseq });
    await pause();
  }
  return found;
};

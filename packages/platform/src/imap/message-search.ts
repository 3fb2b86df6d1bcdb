import { foldText } from '../mime/folded-text.ts';
import type { MessageSummary } from '../store/message-reads.ts';
import type { WallClock } from '../wall-clock.ts';
import type { DayRelation, SearchKey } from './grammar/search-key.ts';
import type { SelectedMailbox } from './selected-mailbox.ts';

/** Null where it depends on content that has not been looked at. */
export type Verdict = boolean | null;

/** What only the header of a message tells. Texts are folded. */
export type HeaderQuestion =
  | { readonly kind: 'header'; readonly name: string; readonly text: string }
  | { readonly kind: 'sent'; readonly test: (day: number) => boolean };

/** What only the content of a message tells. */
export type Question = HeaderQuestion | { readonly kind: 'body' | 'text'; readonly text: string };

/** `answers` has one for each question, by its place. */
type Judge = (message: MessageSummary, answers: readonly Verdict[]) => Verdict;

export interface CompiledSearch {
  readonly judge: Judge;
  readonly questions: readonly Question[];
}

interface SearchContext {
  readonly selected: SelectedMailbox;
  readonly clock: WallClock;
}

/** Seconds since 1970 at which a day like 20260131 begins, and the one behind it. */
const secondsOfDay = (clock: WallClock, day: number): { readonly from: number; readonly to: number } => {
  const from = clock.startOf(day);
  return { from: from.getTime() / 1000, to: clock.startOfDay(from, 1).getTime() / 1000 };
};

const receivedJudge = (relation: DayRelation, day: number, clock: WallClock): Judge => {
  const { from, to } = secondsOfDay(clock, day);
  if (relation === 'before') return ({ internalSeconds }) => internalSeconds < from;
  if (relation === 'since') return ({ internalSeconds }) => internalSeconds >= from;
  return ({ internalSeconds }) => internalSeconds >= from && internalSeconds < to;
};

const dayTest = (relation: DayRelation, wanted: number): ((day: number) => boolean) => {
  if (relation === 'on') return (day) => day === wanted;
  return relation === 'before' ? (day) => day < wanted : (day) => day >= wanted;
};

const flagJudge = (flag: string): Judge => {
  const wanted = ` ${flag.toLowerCase()} `;
  // Most messages have the same few flags.
  const known = new Map<string, boolean>();
  return ({ flagsText }) => {
    const verdict = known.get(flagsText) ?? ` ${flagsText.toLowerCase()} `.includes(wanted);
    if (known.size < 1000) known.set(flagsText, verdict);
    return verdict;
  };
};

/** `decisive` of one judge is that of all. */
const combine =
  (judges: readonly Judge[], decisive: boolean): Judge =>
  (message, answers) => {
    let isOpen = false;
    for (const judge of judges) {
      const verdict = judge(message, answers);
      if (verdict === decisive) return decisive;
      isOpen ||= verdict === null;
    }
    return isOpen ? null : !decisive;
  };

const numbersJudge = (uids: readonly number[]): Judge => {
  const wanted = new Set(uids);
  return ({ uid }) => wanted.has(uid);
};

class Compiler {
  readonly questions: Question[] = [];
  readonly #context: SearchContext;

  constructor(context: SearchContext) {
    this.#context = context;
  }

  judgeOf(key: SearchKey): Judge {
    const { selected, clock } = this.#context;
    switch (key.kind) {
      case 'all':
        return () => true;
      case 'recent':
        return ({ uid }) => selected.isRecent(uid);
      case 'and':
      case 'or':
        return combine(
          key.keys.map((part) => this.judgeOf(part)),
          key.kind === 'or',
        );
      case 'not':
        return this.#negation(key.key);
      case 'numbers':
      case 'uids':
        return numbersJudge(selected.resolve(key.set, key.kind === 'uids', { ignoresMissing: true }));
      case 'flag':
        return flagJudge(key.flag);
      case 'larger':
        return ({ sizeBytes }) => sizeBytes > key.bytes;
      case 'smaller':
        return ({ sizeBytes }) => sizeBytes < key.bytes;
      case 'modseq':
        return ({ modseq }) => modseq >= key.modseq;
      case 'received':
        return receivedJudge(key.relation, key.day, clock);
      case 'sent':
        return this.#ask({ kind: 'sent', test: dayTest(key.relation, key.day) });
      case 'header':
        return this.#ask({ kind: 'header', name: key.name, text: foldText(key.text) });
      case 'body':
      case 'text':
        return key.text === '' ? () => true : this.#ask({ kind: key.kind, text: foldText(key.text) });
    }
  }

  #negation(key: SearchKey): Judge {
    const judge = this.judgeOf(key);
    return (message, answers) => {
      const verdict = judge(message, answers);
      return verdict === null ? null : !verdict;
    };
  }

  #ask(question: Question): Judge {
    const index = this.questions.push(question) - 1;
    return (_, answers) => answers[index] ?? null;
  }
}

export const compileSearch = (key: SearchKey, context: SearchContext): CompiledSearch => {
  const compiler = new Compiler(context);
  const judge = compiler.judgeOf(key);
  return { judge, questions: compiler.questions };
};

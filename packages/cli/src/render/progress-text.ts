import type { Progress } from '@mailferry/core/operations';
import type { Texts } from '../texts.ts';
import { printable } from './display-width.ts';
import type { Pace } from './pace-meter.ts';
import { bytesText, durationText } from './quantities.ts';

const SEPARATOR = ' · ';

/** Address books have rows where mailboxes have messages. */
const hasRows = ({ phase }: Progress): boolean => phase === 'converting' || phase === 'checking';

const messagesOf = (progress: Progress, texts: Texts): string | null => {
  const { messagesDone: done, messagesTotal: total } = progress;
  if (hasRows(progress)) return done > 0 ? texts.text('progress.rows', { done }) : null;
  if (total > 0) return texts.text('progress.messages', { done, total });
  return done > 0 ? texts.text('progress.messages-only', { done }) : null;
};

const bytesOf = ({ bytesDone, bytesTotal }: Progress): string | null => {
  if (bytesTotal > 0) return `${bytesText(bytesDone)}/${bytesText(bytesTotal)}`;
  return bytesDone > 0 ? bytesText(bytesDone) : null;
};

const leftOf = (progress: Progress, pace: Pace, texts: Texts): string | null => {
  if (pace.secondsLeft !== null) return texts.text('progress.left', { time: durationText(pace.secondsLeft) });
  return progress.messagesDone > 0 || progress.bytesDone > 0 ? texts.text('progress.left-unknown') : null;
};

const percentOf = ({ messagesDone, messagesTotal, bytesDone, bytesTotal }: Progress): string => {
  const share = bytesTotal > 0 ? bytesDone / bytesTotal : messagesTotal > 0 ? messagesDone / messagesTotal : null;
  return share === null ? '' : ` ${Math.min(100, Math.floor(share * 100))}%`;
};

/** Until when, by this machine's clock. */
const waitOf = ({ waitingUntil }: Progress, texts: Texts): string | null =>
  waitingUntil && texts.text('progress.waiting', { time: waitingUntil.toTimeString().slice(0, 8) });

const rateOf = (progress: Progress, perSecond: number | null, texts: Texts): string | null => {
  if (perSecond === null) return null;
  return hasRows(progress) ? texts.text('progress.rows-rate', { rows: perSecond }) : texts.text('progress.rate', { messages: perSecond });
};

/** One line, the weightiest first: whoever cuts it to a narrow terminal loses the least. */
export const progressText = (progress: Progress, pace: Pace, texts: Texts): string => {
  const { messagesPerSecond, bytesPerSecond } = pace;
  const pieces = [
    texts.text(`progress.${progress.phase}`) + percentOf(progress),
    waitOf(progress, texts),
    messagesOf(progress, texts),
    leftOf(progress, pace, texts),
    bytesOf(progress),
    rateOf(progress, messagesPerSecond, texts),
    bytesPerSecond === null ? null : `${bytesText(bytesPerSecond)}/s`,
    progress.current === null ? null : printable(progress.current),
  ];
  return pieces.filter((piece) => piece !== null && piece !== '').join(SEPARATOR);
};

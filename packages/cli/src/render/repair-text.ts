import type { LostPiece, RepairReport } from '@mailferry/core/operations';
import type { Secrets } from '../secrets.ts';
import type { Texts } from '../texts.ts';
import { printable, wrapToWidth } from './display-width.ts';
import { noticeLines } from './notices.ts';
import { failedProblems, type Problem, problemLines } from './problems.ts';
import { labelledLines } from './table.ts';

const lostProblem = ({ part, entryName, byteOffset, bytes, reason }: LostPiece, texts: Texts): Problem => {
  const where = byteOffset === null ? part : texts.text('repair.where', { part, byteOffset, bytes: bytes ?? 0 });
  return { place: entryName ?? part, below: `${where}: ${reason}`, reason: texts.text('repair.lost'), code: 'lost', hint: null };
};

/** What a repair saved, and what is gone. */
export const repairText = (report: RepairReport, texts: Texts, secrets: Secrets, columns: number): string[][] => {
  const { from, directory, recoveredMessages, lost, failed, notices } = report;
  const problems = [...failedProblems(failed, texts, secrets), ...lost.map((piece) => lostProblem(piece, texts))];
  const sentence = problems.length === 0 ? 'final.repair' : 'final.repair-lost';
  return [
    labelledLines(
      [
        [texts.text('report.recovered'), texts.number(recoveredMessages)],
        [texts.text('report.from'), printable(from)],
        [texts.text('report.archive'), printable(directory)],
      ],
      columns,
    ),
    noticeLines(notices, texts, columns),
    problemLines(problems, texts, columns),
    wrapToWidth(texts.text(sentence, { count: recoveredMessages, lost: problems.length }), columns, 0),
  ];
};

import type { DrillDifference, DrillReport } from '@mailferry/core/operations';
import type { Secrets } from '../secrets.ts';
import type { Texts } from '../texts.ts';
import { printable, wrapToWidth } from './display-width.ts';
import { failedProblems, type Problem, problemLines } from './problems.ts';
import { bytesText } from './quantities.ts';
import { labelledLines } from './table.ts';

const differenceProblem = ({ code, mailbox, entryName, expected, found }: DrillDifference, texts: Texts): Problem => ({
  place: entryName ?? mailbox,
  below: [expected, found].some((text) => text !== '') ? `${expected || '–'} → ${found || '–'}` : null,
  reason: texts.text(`drill.${code}`),
  code,
  hint: null,
});

/** What a drill found. */
export const drillText = (report: DrillReport, texts: Texts, secrets: Secrets, columns: number): string[][] => {
  const { messages, archivedMessages, bytes, mailboxes, directory, differences, failed } = report;
  const problems = [...failedProblems(failed, texts, secrets), ...differences.map((difference) => differenceProblem(difference, texts))];
  return [
    labelledLines(
      [
        [texts.text('report.archive'), printable(directory)],
        [
          texts.text('report.drilled'),
          texts.text('report.drilled-value', { messages, total: archivedMessages, mailboxes, bytes: bytesText(bytes) }),
        ],
      ],
      columns,
    ),
    problemLines(problems, texts, columns),
    wrapToWidth(
      problems.length === 0
        ? texts.text('final.drill', { count: messages })
        : texts.text('final.drill-different', { count: problems.length }),
      columns,
      0,
    ),
  ];
};

import type { ZipReport } from '@mailferry/core/operations';
import { isSoundZip } from '../exit-code.ts';
import type { Texts } from '../texts.ts';
import { printable, wrapToWidth } from './display-width.ts';
import { type Problem, problemLines } from './problems.ts';
import { bytesText } from './quantities.ts';
import { labelledLines } from './table.ts';

const sentence = (report: ZipReport, texts: Texts): string => {
  if (report.invalid !== null) return texts.text('final.zip-invalid', { reason: report.invalid });
  if (!isSoundZip(report)) return texts.text('final.zip-damaged', { count: report.accepted });
  return texts.text(report.accepted === 0 ? 'final.zip-empty' : 'final.zip', { count: report.accepted });
};

/** What is in a single ZIP. */
export const zipText = (report: ZipReport, texts: Texts, columns: number): string[][] => {
  const { path, sizeBytes, accepted, refused, oddities } = report;
  const problems = refused.map(
    ({ name, code }): Problem => ({ place: name, below: null, reason: texts.text(`zip.${code}`), code, hint: null }),
  );
  return [
    labelledLines(
      [
        [texts.text('report.zip'), `${printable(path)} (${bytesText(sizeBytes)})`],
        [texts.text('report.zip-messages'), texts.number(accepted)],
        ...oddities.map((oddity) => [texts.text('report.zip-odd'), texts.text(`zip.${oddity}`)] as const),
      ],
      columns,
    ),
    problemLines(problems, texts, columns),
    wrapToWidth(sentence(report, texts), columns, 0),
  ];
};

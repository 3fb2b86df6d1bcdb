import { basename } from 'node:path';
import type { PruneReport } from '@mailferry/core/operations';
import type { Texts } from '../texts.ts';
import { printable, wrapToWidth } from './display-width.ts';
import { textTable } from './table.ts';

const countOf = ({ archives }: PruneReport, verdict: 'removable' | 'removed'): number =>
  archives.filter((archive) => archive.verdict === verdict).length;

const sentence = (report: PruneReport, texts: Texts): string => {
  if (report.isDryRun) return texts.text('final.prune-dry-run', { count: countOf(report, 'removable') });
  const count = countOf(report, 'removed');
  return count === 0 ? texts.text('final.prune-none') : texts.text('final.prune', { count });
};

/** What became of each archive of a folder, and why. */
export const pruneText = (report: PruneReport, texts: Texts, columns: number): string[][] => {
  const heading = (['account', 'written', 'messages-held', 'verdict'] as const).map((column) => texts.text(`column.${column}`));
  const rows = report.archives.map(({ directory, writtenAt, messages, verdict, onlyCopies }) => [
    printable(basename(directory)),
    writtenAt.toISOString().slice(0, 10),
    texts.number(messages),
    verdict === 'kept-only-copies' ? texts.text('prune.kept-only-copies', { count: onlyCopies }) : texts.text(`prune.${verdict}`),
  ]);
  return [textTable([heading, ...rows]), wrapToWidth(sentence(report, texts), columns, 0)];
};

import type { Standing } from './contest.ts';

const MB = 1_000_000;
const HEADINGS = ['', 'wall s', '(from-to)', 'CPU s', 'peak MB', 'ratio'];

/** Times as fast as the first one, by the medians of wall time. */
const ratioOf = (standing: Standing, [first]: readonly Standing[]): string =>
  first ? `${(first.median.wallSeconds / standing.median.wallSeconds).toFixed(2)}x` : '';

/** A Markdown table; the ratios are against the first one. */
export const standingsTable = (standings: readonly Standing[]): string => {
  const rows = standings.map((standing) => [
    standing.name,
    standing.median.wallSeconds.toFixed(2),
    `${standing.fastestSeconds.toFixed(2)}-${standing.slowestSeconds.toFixed(2)}`,
    standing.median.cpuSeconds.toFixed(2),
    (standing.peakRssBytes / MB).toFixed(0),
    ratioOf(standing, standings),
  ]);
  const widths = HEADINGS.map((heading, i) => Math.max(heading.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join(' | ')} |\n`;
  const rule = `| ${widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |\n`;
  return `${line(HEADINGS)}${rule}${rows.map(line).join('')}`;
};

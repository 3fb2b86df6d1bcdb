import type { OrgChart } from './org-chart.ts';
import { type ChartBox, chartBoxes } from './svg/chart-box.ts';
import { CHART_STYLE } from './svg/chart-style.ts';
import { CHART_WORDS, type ChartLanguage } from './svg/chart-words.ts';
import { drawBox } from './svg/draw-box.ts';
import { drawLine } from './svg/draw-lines.ts';
import { escapeText, plainLine } from './svg/svg-text.ts';
import { fitText, textWidth } from './svg/text-width.ts';
import { layOutDownwards, layOutRightwards, type Place, type TreeLayout } from './svg/tidy-tree.ts';

export interface OrgChartSvgOptions {
  /** Above the chart, and in the box above several departments. Default: 조직도, Org chart. */
  readonly title?: string | undefined;
  /** The first 20 members of each department are listed. Default: false. */
  readonly withMembers?: boolean | undefined;
  /** Of what it says besides names. Default: Korean. */
  readonly language?: ChartLanguage | undefined;
}

const DOWNWARD_GAPS = { siblings: 16, cousins: 32, levels: 44 } as const;
const RIGHTWARD_GAPS = { leaves: 8, branches: 16, levels: 48 } as const;
/** A chart that is wider than a screen reads better from left to right. */
const WIDEST_DOWNWARDS = 1500;
const MARGIN = 32;
const HEADING_HEIGHT = 84;
const TITLE_SIZE = 20;
const SUMMARY_SIZE = 13;
const MAX_TITLE_WIDTH = 800;

interface Drawing {
  readonly root: ChartBox;
  readonly layout: TreeLayout;
  readonly direction: 'down' | 'right';
}

const layOut = (chart: OrgChart, title: string, { withMembers = false, language = 'ko' }: OrgChartSvgOptions): Drawing => {
  const options = { withMembers, topName: title, words: CHART_WORDS[language] };
  const tall = chartBoxes(chart, { ...options, counts: 'below' });
  const downwards = layOutDownwards(tall, DOWNWARD_GAPS);
  if (downwards.width <= WIDEST_DOWNWARDS) return { root: tall, layout: downwards, direction: 'down' };
  const flat = chartBoxes(chart, { ...options, counts: 'beside' });
  return { root: flat, layout: layOutRightwards(flat, RIGHTWARD_GAPS), direction: 'right' };
};

const drawTree = ({ root, layout, direction }: Drawing, left: number): string => {
  const lines: string[] = [];
  const boxes: string[] = [];
  const placeOf = (box: ChartBox): Place => {
    const { x, y } = layout.places.get(box) ?? { x: 0, y: 0 };
    return { x: Math.round(x + left), y: Math.round(y + HEADING_HEIGHT + MARGIN) };
  };
  const gap = direction === 'down' ? DOWNWARD_GAPS.levels : RIGHTWARD_GAPS.levels;
  const draw = (box: ChartBox): void => {
    const at = placeOf(box);
    boxes.push(drawBox(box, at, direction === 'right'));
    for (const child of box.children) {
      lines.push(drawLine(box, at, child, placeOf(child), direction, gap));
      draw(child);
    }
  };
  draw(root);
  return `<path class="oc-lines" d="${lines.join('')}"/>\n${boxes.join('\n')}`;
};

/**
 * The chart as one SVG that needs nothing besides: small ones from the top down, wide ones from left to right. Its colours follow
 * the light or dark scheme of its surroundings. Long names are cut and stand in full in the `<title>` of their box.
 */
export const orgChartSvg = (chart: OrgChart, options: OrgChartSvgOptions = {}): string => {
  const words = CHART_WORDS[options.language ?? 'ko'];
  const title = plainLine(options.title ?? '') || words.chart;
  const summary = [words.departments(chart.departmentCount), words.people(chart.people)].join(' · ');
  const isEmpty = chart.people === 0;
  const drawing = layOut(chart, title, options);
  const shownTitle = fitText(title, TITLE_SIZE, MAX_TITLE_WIDTH);
  const heading = Math.ceil(Math.max(textWidth(shownTitle, TITLE_SIZE), textWidth(isEmpty ? words.nobody : summary, SUMMARY_SIZE)));
  const inner = Math.ceil(Math.max(heading, isEmpty ? 0 : drawing.layout.width));
  const width = inner + 2 * MARGIN;
  const height = MARGIN + HEADING_HEIGHT + (isEmpty ? 0 : Math.ceil(drawing.layout.height) + MARGIN);
  const left = MARGIN + (drawing.direction === 'down' ? (inner - drawing.layout.width) / 2 : 0);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="oc" role="img" aria-labelledby="oc-title oc-desc" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<title id="oc-title">${escapeText(title)}</title>`,
    `<desc id="oc-desc">${escapeText(describe(chart, summary))}</desc>`,
    `<style>${CHART_STYLE}</style>`,
    `<rect class="oc-ground" width="${width}" height="${height}"/>`,
    `<text class="oc-chart" x="${MARGIN}" y="${MARGIN + 22}">${escapeText(shownTitle)}</text>`,
    `<text class="oc-sum" x="${MARGIN}" y="${MARGIN + 46}">${escapeText(isEmpty ? words.nobody : summary)}</text>`,
    isEmpty ? '' : drawTree(drawing, left),
    '</svg>\n',
  ].join('\n');
};

/** For those who can't see it: the counts, and the departments at the top. */
const describe = ({ departments }: OrgChart, summary: string): string => {
  const names = departments.slice(0, 20).map(({ name }) => plainLine(name));
  return [summary, ...(names.length === 0 ? [] : [names.join(', ')])].join('. ');
};

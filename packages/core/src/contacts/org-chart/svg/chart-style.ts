/** Colours of branches, for light and for dark surroundings. */
const BRANCHES = [
  ['#4f6bed', '#8ea2ff'],
  ['#0f9d8a', '#4fd1bd'],
  ['#d9822b', '#f0ab5e'],
  ['#8e5bd6', '#bd97f5'],
  ['#c2477f', '#ef88b4'],
  ['#3b8f3f', '#7cc980'],
  ['#2a86c1', '#6cbcf0'],
  ['#a8842c', '#d9bb6a'],
] as const;

export const BRANCH_COLOURS = BRANCHES.length;

interface Colours {
  readonly ground: string;
  readonly card: string;
  readonly edge: string;
  readonly line: string;
  readonly text: string;
  readonly quiet: string;
  readonly top: string;
  readonly onTop: string;
  readonly quietOnTop: string;
}

const LIGHT: Colours = {
  ground: '#f6f7f9',
  card: '#ffffff',
  edge: '#dfe3e8',
  line: '#b9c1cc',
  text: '#1b2430',
  quiet: '#5f6b7a',
  top: '#26324a',
  onTop: '#ffffff',
  quietOnTop: '#c3cee2',
};

const DARK: Colours = {
  ground: '#13171d',
  card: '#1d232c',
  edge: '#323b47',
  line: '#4a5666',
  text: '#e8ecf1',
  quiet: '#9aa7b6',
  top: '#38486b',
  onTop: '#ffffff',
  quietOnTop: '#c3cee2',
};

/** Without variables, which many viewers of SVG don't know. */
const colouring = ({ ground, card, edge, line, text, quiet, top, onTop, quietOnTop }: Colours, shade: 0 | 1): string =>
  [
    `.oc-ground{fill:${ground}}`,
    `.oc-lines{stroke:${line}}`,
    `.oc-card{fill:${card};stroke:${edge}}`,
    `.oc-rule{stroke:${edge}}`,
    `.oc-chart,.oc-name,.oc-member{fill:${text}}`,
    `.oc-sum,.oc-note,.oc-title{fill:${quiet}}`,
    `.oc-top .oc-card{fill:${top};stroke:${top}}`,
    `.oc-top .oc-name,.oc-top .oc-member{fill:${onTop}}`,
    `.oc-top .oc-note,.oc-top .oc-title{fill:${quietOnTop}}`,
    `.oc-top .oc-rule{stroke:${quiet}}`,
    `.oc-none .oc-card{stroke:${line}}`,
    ...BRANCHES.map((branch, index) => `.oc-b${index}{fill:${branch[shade]}}`),
  ].join('');

const FONTS = `system-ui,-apple-system,'Segoe UI','Apple SD Gothic Neo','Malgun Gothic','Noto Sans KR','Noto Sans CJK KR',sans-serif`;

/** Every name begins with `oc-`: a page that has the chart in it shares its names. */
export const CHART_STYLE = [
  `.oc{font-family:${FONTS}}`,
  '.oc-lines{fill:none;stroke-width:1.5}',
  '.oc-none .oc-card{stroke-dasharray:5 4}',
  '.oc-chart{font-size:20px;font-weight:700}',
  '.oc-sum{font-size:13px}',
  '.oc-name{font-size:14px;font-weight:600}',
  '.oc-note,.oc-title,.oc-member{font-size:12px}',
  '.oc-end{text-anchor:end}',
  colouring(LIGHT, 0),
  `@media (prefers-color-scheme:dark){${colouring(DARK, 1)}}`,
].join('');

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

const LIGHT = {
  ground: '#f6f7f9',
  card: '#ffffff',
  edge: '#dfe3e8',
  line: '#b9c1cc',
  text: '#1b2430',
  quiet: '#5f6b7a',
  top: '#26324a',
  onTop: '#ffffff',
  quietOnTop: '#c3cee2',
} as const;

const DARK: Readonly<Record<keyof typeof LIGHT, string>> = {
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

const variables = (colours: Readonly<Record<string, string>>, shade: 0 | 1): string => {
  const named = Object.entries(colours).map(([name, colour]) => `--oc-${name}:${colour}`);
  return [...named, ...BRANCHES.map((branch, index) => `--oc-b${index}:${branch[shade]}`)].join(';');
};

const FONTS = `system-ui,-apple-system,'Segoe UI','Apple SD Gothic Neo','Malgun Gothic','Noto Sans KR','Noto Sans CJK KR',sans-serif`;

/** Every name begins with `oc-`: a page that has the chart in it shares its names. */
export const CHART_STYLE = [
  `.oc{${variables(LIGHT, 0)};font-family:${FONTS}}`,
  `@media (prefers-color-scheme:dark){.oc{${variables(DARK, 1)}}}`,
  '.oc-ground{fill:var(--oc-ground)}',
  '.oc-lines{fill:none;stroke:var(--oc-line);stroke-width:1.5}',
  '.oc-card{fill:var(--oc-card);stroke:var(--oc-edge)}',
  '.oc-rule{stroke:var(--oc-edge)}',
  '.oc-chart{fill:var(--oc-text);font-size:20px;font-weight:700}',
  '.oc-sum{fill:var(--oc-quiet);font-size:13px}',
  '.oc-name{fill:var(--oc-text);font-size:14px;font-weight:600}',
  '.oc-note,.oc-title{fill:var(--oc-quiet);font-size:12px}',
  '.oc-member{fill:var(--oc-text);font-size:12px}',
  '.oc-end{text-anchor:end}',
  '.oc-top .oc-card{fill:var(--oc-top);stroke:var(--oc-top)}',
  '.oc-top .oc-name,.oc-top .oc-member{fill:var(--oc-onTop)}',
  '.oc-top .oc-note,.oc-top .oc-title{fill:var(--oc-quietOnTop)}',
  '.oc-top .oc-rule{stroke:var(--oc-quietOnTop);stroke-opacity:.35}',
  '.oc-none .oc-card{stroke:var(--oc-line);stroke-dasharray:5 4}',
  ...BRANCHES.map((_, index) => `.oc-b${index}{fill:var(--oc-b${index})}`),
].join('');

import type { OrgChart, OrgDepartment, OrgMember } from '../org-chart.ts';
import type { ChartWords } from './chart-words.ts';
import { plainLine } from './svg-text.ts';
import { textWidth } from './text-width.ts';
import type { TreeBox } from './tidy-tree.ts';

export const NAME_SIZE = 14;
export const NOTE_SIZE = 12;
export const PADDING = 14;
export const MEMBER_HEIGHT = 20;
/** Above the first member and below the last. */
export const MEMBERS_MARGIN = 8;
/** Of a box without members: its counts stand below its name, or beside it. */
const HEADER_HEIGHT = { below: 54, beside: 34 } as const;
/** Between a name and what stands at the right of it. */
export const COLUMN_GAP = 12;

const MIN_WIDTH = 120;
const MAX_WIDTH = 240;
/** Of one department; the rest are counted. */
const MAX_MEMBERS = 20;

export interface MemberLine {
  readonly name: string;
  readonly title: string;
  /** Everything about the person. */
  readonly tip: string;
}

/** A department as it is drawn. Its texts are plain lines, not escaped yet. */
export interface ChartBox extends TreeBox {
  readonly kind: 'top' | 'department' | 'without-department';
  readonly name: string;
  readonly note: string;
  /** Its path and counts. */
  readonly tip: string;
  readonly members: readonly MemberLine[];
  /** Which of the departments at the top it belongs to, from 0. */
  readonly branch: number;
  readonly headerHeight: number;
  readonly children: readonly ChartBox[];
}

export interface BoxOptions {
  readonly counts: 'below' | 'beside';
  readonly withMembers: boolean;
  /** Of the box above several departments. */
  readonly topName: string;
  readonly words: ChartWords;
}

type Outline = Omit<ChartBox, 'width' | 'height' | 'headerHeight' | 'children'> & { readonly children: readonly Outline[] };

const memberLines = (members: readonly OrgMember[], { withMembers, words }: BoxOptions): MemberLine[] => {
  if (!withMembers) return [];
  const lines = members.slice(0, MAX_MEMBERS).map(({ name, title, email, phone }) => {
    const tip = [name, title, email, phone].map(plainLine).filter((text) => text !== '');
    return { name: plainLine(name) || plainLine(email), title: plainLine(title), tip: tip.join(' · ') };
  });
  const rest = members.length - lines.length;
  return rest > 0 ? [...lines, { name: words.more(rest), title: '', tip: '' }] : lines;
};

const countsOf = ({ people, departments }: OrgDepartment, words: ChartWords): string[] =>
  departments.length === 0 ? [words.people(people)] : [words.people(people), words.departments(departments.length)];

const outlineOf = (department: OrgDepartment, branch: number, options: BoxOptions): Outline => {
  const { name, path, members, departments } = department;
  const counts = countsOf(department, options.words);
  return {
    kind: 'department',
    name: plainLine(name),
    note: options.counts === 'below' ? counts.join(' · ') : (counts[0] ?? ''),
    tip: [path.map(plainLine).join(' > '), ...counts].join(' · '),
    members: memberLines(members, options),
    branch,
    children: departments.map((child) => outlineOf(child, branch, options)),
  };
};

/** The box of all those who are in no department. */
const unassignedOutline = (people: readonly OrgMember[], options: BoxOptions): Outline => {
  const { withoutDepartment, people: count } = options.words;
  const note = count(people.length);
  const tip = `${withoutDepartment} · ${note}`;
  return { kind: 'without-department', name: withoutDepartment, note, tip, members: memberLines(people, options), branch: 0, children: [] };
};

/** The one department at the top, or a box above several of them and those who are in none. Branches are what is on that box. */
const outlineOfChart = ({ departments, withoutDepartment, people, departmentCount }: OrgChart, options: BoxOptions): Outline => {
  const { words, topName } = options;
  const [only, second] = departments;
  if (only && !second && withoutDepartment.length === 0) {
    const children = only.departments.map((child, branch) => outlineOf(child, branch, options));
    return { ...outlineOf(only, 0, options), kind: 'top', children };
  }
  const children = departments.map((department, branch) => outlineOf(department, branch, options));
  const rest = withoutDepartment.length === 0 ? [] : [unassignedOutline(withoutDepartment, options)];
  const note = words.people(people);
  const tip = [topName, note, words.departments(departmentCount)].join(' · ');
  return { kind: 'top', name: topName, note, tip, members: [], branch: 0, children: [...children, ...rest] };
};

/** The width that the texts of a box and of all below it need. */
const neededWidth = (outline: Outline, counts: BoxOptions['counts']): number => {
  const name = textWidth(outline.name, NAME_SIZE);
  const note = textWidth(outline.note, NOTE_SIZE);
  const header = counts === 'below' ? Math.max(name, note) : name + COLUMN_GAP + note;
  const members = outline.members.map(({ name, title }) => textWidth(name, NOTE_SIZE) + COLUMN_GAP + textWidth(title, NOTE_SIZE));
  const below = outline.children.map((child) => neededWidth(child, counts));
  return [...members, ...below].reduce((widest, width) => Math.max(widest, width), header);
};

const sized = (outline: Outline, width: number, headerHeight: number): ChartBox => {
  const lines = outline.members.length;
  const height = headerHeight + (lines === 0 ? 0 : lines * MEMBER_HEIGHT + 2 * MEMBERS_MARGIN);
  return { ...outline, width, height, headerHeight, children: outline.children.map((child) => sized(child, width, headerHeight)) };
};

/** The boxes of a chart, all of the same width. */
export const chartBoxes = (chart: OrgChart, options: BoxOptions): ChartBox => {
  const outline = outlineOfChart(chart, options);
  const width = Math.ceil(Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, neededWidth(outline, options.counts) + 2 * PADDING)));
  return sized(outline, width, HEADER_HEIGHT[options.counts]);
};

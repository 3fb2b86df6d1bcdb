import { type ChartBox, COLUMN_GAP, MEMBER_HEIGHT, MEMBERS_MARGIN, type MemberLine, NAME_SIZE, NOTE_SIZE, PADDING } from './chart-box.ts';
import { BRANCH_COLOURS } from './chart-style.ts';
import { escapeText } from './svg-text.ts';
import { fitText, textWidth } from './text-width.ts';
import type { Place } from './tidy-tree.ts';

const RADIUS = 8;
const ACCENT_WIDTH = 4;

const textAt = (className: string, x: number, y: number, text: string): string =>
  text === '' ? '' : `<text class="${className}" x="${x}" y="${y}">${escapeText(text)}</text>`;

/** The coloured stripe at the left of a box, inside its round corners. */
const accent = ({ kind, branch, height }: ChartBox): string => {
  if (kind !== 'department') return '';
  const inner = height - 2 * RADIUS;
  const path = `M${RADIUS} 0H${ACCENT_WIDTH + 4}a4 4 0 0 0-4 4V${height - 4}a4 4 0 0 0 4 4H${RADIUS}a${RADIUS} ${RADIUS} 0 0 1-${RADIUS}-${RADIUS}v-${inner}a${RADIUS} ${RADIUS} 0 0 1 ${RADIUS}-${RADIUS}z`;
  return `<path class="oc-b${branch % BRANCH_COLOURS}" d="${path}"/>`;
};

/** The name, and its counts below it or at its right. */
const header = ({ name, note, width, headerHeight }: ChartBox, isBeside: boolean): string => {
  const space = width - 2 * PADDING;
  const middle = headerHeight / 2;
  if (isBeside) {
    const nameSpace = space - COLUMN_GAP - textWidth(note, NOTE_SIZE);
    const shownName = fitText(name, NAME_SIZE, nameSpace);
    return textAt('oc-name', PADDING, middle + 5, shownName) + textAt('oc-note oc-end', width - PADDING, middle + 5, note);
  }
  const shownName = fitText(name, NAME_SIZE, space);
  return textAt('oc-name', PADDING, middle - 4, shownName) + textAt('oc-note', PADDING, middle + 15, fitText(note, NOTE_SIZE, space));
};

const rule = ({ headerHeight, width, members }: ChartBox): string =>
  members.length === 0 ? '' : `<path class="oc-rule" d="M${PADDING} ${headerHeight}H${width - PADDING}"/>`;

const memberLine = ({ name, title, tip }: MemberLine, y: number, width: number): string => {
  const space = width - 2 * PADDING;
  const shownTitle = fitText(title, NOTE_SIZE, space / 2);
  const nameSpace = space - (shownTitle === '' ? 0 : COLUMN_GAP + textWidth(shownTitle, NOTE_SIZE));
  const texts =
    textAt(tip === '' ? 'oc-title' : 'oc-member', PADDING, y, fitText(name, NOTE_SIZE, nameSpace)) +
    textAt('oc-title oc-end', width - PADDING, y, shownTitle);
  return tip === '' ? texts : `<g><title>${escapeText(tip)}</title>${texts}</g>`;
};

/** A box as a group of its own, whose `<title>` says what the box has no room for. */
export const drawBox = (box: ChartBox, { x, y }: Place, isBeside: boolean): string => {
  const className = box.kind === 'top' ? ' class="oc-top"' : box.kind === 'department' ? '' : ' class="oc-none"';
  const first = box.headerHeight + MEMBERS_MARGIN + MEMBER_HEIGHT - 6;
  const members = box.members.map((member, index) => memberLine(member, first + index * MEMBER_HEIGHT, box.width));
  return [
    `<g${className} transform="translate(${x} ${y})"><title>${escapeText(box.tip)}</title>`,
    `<rect class="oc-card" width="${box.width}" height="${box.height}" rx="${RADIUS}"/>`,
    accent(box),
    header(box, isBeside),
    rule(box),
    ...members,
    '</g>',
  ].join('');
};

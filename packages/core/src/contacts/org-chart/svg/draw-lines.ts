import type { ChartBox } from './chart-box.ts';
import type { Place } from './tidy-tree.ts';

const RADIUS = 6;

/** From above to below: down, aside and down again, round at the corners. `turn` is where it goes aside. */
const downward = (from: Place, turn: number, to: Place): string => {
  const aside = to.x - from.x;
  if (Math.abs(aside) < 1) return `M${from.x} ${from.y}V${to.y}`;
  const radius = Math.min(RADIUS, Math.abs(aside) / 2);
  const step = Math.sign(aside) * radius;
  return `M${from.x} ${from.y}V${turn - radius}q0 ${radius} ${step} ${radius}H${to.x - step}q${step} 0 ${step} ${radius}V${to.y}`;
};

/** From left to right, the same way. */
const rightward = (from: Place, turn: number, to: Place): string => {
  const aside = to.y - from.y;
  if (Math.abs(aside) < 1) return `M${from.x} ${from.y}H${to.x}`;
  const radius = Math.min(RADIUS, Math.abs(aside) / 2);
  const step = Math.sign(aside) * radius;
  return `M${from.x} ${from.y}H${turn - radius}q${radius} 0 ${radius} ${step}V${to.y - step}q0 ${step} ${radius} ${step}H${to.x}`;
};

/** The line from a box to one that hangs on it; between their levels lies `gap`. */
export const drawLine = (box: ChartBox, at: Place, child: ChartBox, childAt: Place, direction: 'down' | 'right', gap: number): string => {
  if (direction === 'down') {
    const from = { x: at.x + box.width / 2, y: at.y + box.height };
    return downward(from, childAt.y - gap / 2, { x: childAt.x + child.width / 2, y: childAt.y });
  }
  const from = { x: at.x + box.width, y: at.y + box.headerHeight / 2 };
  return rightward(from, childAt.x - gap / 2, { x: childAt.x, y: childAt.y + child.headerHeight / 2 });
};

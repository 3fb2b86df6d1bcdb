import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layOutDownwards, layOutRightwards, type TreeBox, type TreeLayout } from './tidy-tree.ts';

const size = fc.integer({ min: 1, max: 200 });
const treeOf = (levels: number): fc.Arbitrary<TreeBox> =>
  fc.record({ width: size, height: size, children: levels === 1 ? fc.constant([]) : fc.array(treeOf(levels - 1), { maxLength: 4 }) });

const boxesOf = (box: TreeBox): TreeBox[] => [box, ...box.children.flatMap(boxesOf)];

const expectApart = (root: TreeBox, { places, width, height }: TreeLayout): void => {
  const placed = boxesOf(root).map((box) => ({ ...box, ...(places.get(box) ?? { x: Number.NaN, y: Number.NaN }) }));
  const slack = 1e-6;
  for (const [index, a] of placed.entries()) {
    expect(a.x >= -slack && a.y >= -slack && a.x + a.width <= width + slack && a.y + a.height <= height + slack).toBe(true);
    for (const b of placed.slice(index + 1)) {
      const isApart =
        a.x + a.width <= b.x + slack || b.x + b.width <= a.x + slack || a.y + a.height <= b.y + slack || b.y + b.height <= a.y + slack;
      expect(isApart).toBe(true);
    }
  }
};

const DOWN = { siblings: 10, cousins: 20, levels: 30 };
const RIGHT = { leaves: 5, branches: 10, levels: 30 };

describe('a tidy tree', () => {
  it('has no two boxes that overlap, and none outside', () => {
    fc.assert(
      fc.property(treeOf(4), (root) => {
        expectApart(root, layOutDownwards(root, DOWN));
        expectApart(root, layOutRightwards(root, RIGHT));
      }),
    );
  });

  it('has parents over the middle of their children, and the same tree mirrored is the mirrored picture', () => {
    const leaf = (): TreeBox => ({ width: 40, height: 20, children: [] });
    const [broad, narrow] = [{ width: 40, height: 20, children: [leaf(), leaf(), leaf()] }, leaf()];
    const one = layOutDownwards({ width: 40, height: 20, children: [broad, narrow] }, DOWN);
    const other = layOutDownwards({ width: 40, height: 20, children: [narrow, broad] }, DOWN);
    const middle = (layout: TreeLayout, box: TreeBox): number => (layout.places.get(box)?.x ?? 0) + box.width / 2;
    expect(middle(one, broad)).toBeCloseTo(other.width - middle(other, broad));
    expect(middle(one, narrow)).toBeCloseTo(other.width - middle(other, narrow));
    const [first, , last] = broad.children;
    expect(first && last && (middle(one, first) + middle(one, last)) / 2).toBeCloseTo(middle(one, broad));
  });

  it('is laid out in good time, broad or deep', () => {
    const leaves = Array.from({ length: 20_000 }, () => ({ width: 100, height: 30, children: [] }));
    let deep: TreeBox = { width: 100, height: 30, children: leaves };
    for (let level = 0; level < 20; level += 1) deep = { width: 100, height: 30, children: [deep] };
    expect(layOutDownwards(deep, DOWN).places.size).toBe(20_021);
    expect(layOutRightwards(deep, RIGHT).places.size).toBe(20_021);
  });
});

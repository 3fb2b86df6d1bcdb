/** A box to be placed, and those that hang on it. */
export interface TreeBox {
  readonly width: number;
  readonly height: number;
  readonly children: readonly TreeBox[];
}

/** The upper left corner of a box. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

export interface TreeLayout {
  readonly places: ReadonlyMap<TreeBox, Place>;
  readonly width: number;
  readonly height: number;
}

export interface DownwardGaps {
  readonly siblings: number;
  readonly cousins: number;
  readonly levels: number;
}

export interface RightwardGaps {
  readonly leaves: number;
  /** Around a box that has others on it. */
  readonly branches: number;
  readonly levels: number;
}

/** How far a subtree reaches on one level, from the middle of its top box. */
interface Extent {
  readonly left: number;
  readonly right: number;
}

interface Arrangement {
  readonly box: TreeBox;
  /** By level, its own first. */
  readonly extents: readonly Extent[];
  readonly children: readonly Arrangement[];
  /** The middle of each child, from its own. */
  readonly offsets: readonly number[];
}

/** Where each subtree may be at the earliest, side by side from left to right, the first at 0. */
const packed = (subtrees: readonly (readonly Extent[])[], gaps: DownwardGaps): number[] => {
  const reach: number[] = [];
  return subtrees.map((extents, index) => {
    const needed = extents.map(({ left }, level) => (reach[level] ?? -Infinity) + (level === 0 ? gaps.siblings : gaps.cousins) - left);
    const offset = index === 0 ? 0 : Math.max(...needed);
    for (const [level, { right }] of extents.entries()) reach[level] = offset + right;
    return offset;
  });
};

const mirrored = (extents: readonly Extent[]): Extent[] => extents.map(({ left, right }) => ({ left: -right, right: -left }));

const centred = (offsets: readonly number[]): number[] => {
  const middle = ((offsets[0] ?? 0) + (offsets.at(-1) ?? 0)) / 2;
  return offsets.map((offset) => offset - middle);
};

const covering = (children: readonly Arrangement[], offsets: readonly number[]): Extent[] => {
  const covered: Extent[] = [];
  for (const [index, { extents }] of children.entries()) {
    const offset = offsets[index] ?? 0;
    for (const [level, { left, right }] of extents.entries()) {
      const before = covered[level];
      covered[level] = {
        left: Math.min(before?.left ?? Infinity, left + offset),
        right: Math.max(before?.right ?? -Infinity, right + offset),
      };
    }
  }
  return covered;
};

/** Halfway between packed to the left and packed to the right, which is symmetrical and overlaps as little as they do. */
const arrange = (box: TreeBox, gaps: DownwardGaps): Arrangement => {
  const children = box.children.map((child) => arrange(child, gaps));
  const subtrees = children.map(({ extents }) => extents);
  const toTheLeft = centred(packed(subtrees, gaps));
  const toTheRight = centred(packed(subtrees.toReversed().map(mirrored), gaps).map((offset) => -offset)).toReversed();
  const offsets = toTheLeft.map((left, index) => (left + (toTheRight[index] ?? left)) / 2);
  return { box, children, offsets, extents: [{ left: -box.width / 2, right: box.width / 2 }, ...covering(children, offsets)] };
};

/** The size of each level along the way from the top box to the leaves. */
const levelSizes = (root: TreeBox, sizeOf: (box: TreeBox) => number): number[] => {
  const sizes: number[] = [];
  const visit = (box: TreeBox, level: number): void => {
    sizes[level] = Math.max(sizes[level] ?? 0, sizeOf(box));
    for (const child of box.children) visit(child, level + 1);
  };
  visit(root, 0);
  return sizes;
};

const startsOf = (sizes: readonly number[], gap: number): number[] => {
  let start = 0;
  return sizes.map((size) => {
    const at = start;
    start += size + gap;
    return at;
  });
};

/**
 * From the top down, parents over the middle of their children, subtrees as near to each other as their outlines let them
 * (A. Kennedy, Drawing Trees, 1996). No two boxes overlap.
 */
export const layOutDownwards = (root: TreeBox, gaps: DownwardGaps): TreeLayout => {
  const arranged = arrange(root, gaps);
  const left = Math.min(...arranged.extents.map((extent) => extent.left));
  const right = Math.max(...arranged.extents.map((extent) => extent.right));
  const heights = levelSizes(root, ({ height }) => height);
  const tops = startsOf(heights, gaps.levels);
  const places = new Map<TreeBox, Place>();
  const place = ({ box, children, offsets }: Arrangement, middle: number, level: number): void => {
    places.set(box, { x: middle - box.width / 2, y: tops[level] ?? 0 });
    for (const [index, child] of children.entries()) place(child, middle + (offsets[index] ?? 0), level + 1);
  };
  place(arranged, -left, 0);
  return { places, width: right - left, height: (tops.at(-1) ?? 0) + (heights.at(-1) ?? 0) };
};

/** From left to right, like an outline: each box beside the first of those on it, each subtree in a band of its own. */
export const layOutRightwards = (root: TreeBox, gaps: RightwardGaps): TreeLayout => {
  const widths = levelSizes(root, ({ width }) => width);
  const lefts = startsOf(widths, gaps.levels);
  const places = new Map<TreeBox, Place>();
  /** Returns the lower end of the band. */
  const place = (box: TreeBox, level: number, top: number): number => {
    places.set(box, { x: lefts[level] ?? 0, y: top });
    let next = top;
    let end = top + box.height;
    for (const [index, child] of box.children.entries()) {
      const before = box.children[index - 1];
      const isBranch = child.children.length > 0 || (before?.children.length ?? 0) > 0;
      const start = index === 0 ? top : next + (isBranch ? gaps.branches : gaps.leaves);
      next = place(child, level + 1, start);
      end = Math.max(end, next);
    }
    return end;
  };
  const height = place(root, 0, 0);
  return { places, width: (lefts.at(-1) ?? 0) + (widths.at(-1) ?? 0), height };
};

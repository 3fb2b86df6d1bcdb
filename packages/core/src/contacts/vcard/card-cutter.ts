import type { RejectedRow } from '../contact-format.ts';
import { type Line, TOO_LONG } from './line-cutter.ts';

/** The lines of one card, without its BEGIN and END. */
export interface CardLines {
  readonly row: number;
  readonly line: number;
  readonly lines: readonly string[];
  readonly sizeBytes: number;
}

export interface CardLimits {
  readonly cardBytes: number;
  readonly lines: number;
  /** Cards within cards. */
  readonly depth: number;
}

const BEGIN = /^BEGIN:\s*VCARD\s*$/i;
const END = /^END:\s*VCARD\s*$/i;
/** UTF-8's, as bytes: files that were put together have it between cards. */
const BYTE_ORDER_MARK = /^(?:\xef\xbb\xbf)+/;
/** 2.1: what follows is a card of its own, as the value. */
export const AGENT = /^(?:[\w-]+\.)?AGENT(?:;[^:]*)?:\s*$/i;
const LIKE_A_PROPERTY = /^[\w.-]+(?:;[^:]*)?:/;

export const isBegin = (line: string): boolean => (line[0] === 'B' || line[0] === 'b') && BEGIN.test(line);
export const isEnd = (line: string): boolean => (line[0] === 'E' || line[0] === 'e') && END.test(line);

interface OpenCard {
  readonly line: number;
  lines: string[];
  sizeBytes: number;
  depth: number;
  isTooLarge: boolean;
  /** Whether the last line was an AGENT without a value. */
  isAgentNext: boolean;
}

/** Cuts lines into cards. A card that does not end before the next one begins, or begins nowhere, is `damaged`. */
export class CardCutter {
  readonly #limits: CardLimits;
  #row = 0;
  #line = 0;
  #open: OpenCard | null = null;
  /** The first line since the last card that looks like a property; 0 if none does. */
  #strayLine = 0;

  constructor(limits: CardLimits) {
    this.#limits = limits;
  }

  /** The cards that end, or are seen to be damaged, in these lines. */
  cut(lines: readonly Line[]): (CardLines | RejectedRow)[] {
    const cards: (CardLines | RejectedRow)[] = [];
    for (const line of lines) {
      this.#line += 1;
      const card = this.#open === null ? this.#takeOutside(line) : this.#takeInside(this.#open, line);
      if (card !== null) cards.push(card);
    }
    return cards;
  }

  end(): RejectedRow[] {
    return this.#open === null ? [] : [this.#reject(this.#open)];
  }

  #reject({ line, isTooLarge }: Pick<OpenCard, 'line' | 'isTooLarge'>): RejectedRow {
    this.#row += 1;
    return { row: this.#row, line, column: null, reason: isTooLarge ? 'too-large' : 'damaged' };
  }

  #begin(): void {
    this.#open = { line: this.#line, lines: [], sizeBytes: 0, depth: 0, isTooLarge: false, isAgentNext: false };
    this.#strayLine = 0;
  }

  #takeOutside(line: Line): RejectedRow | null {
    if (line === TOO_LONG || line === '') return null;
    const text = line.replace(BYTE_ORDER_MARK, '').trim();
    if (isBegin(text)) this.#begin();
    else if (isEnd(text)) {
      const stray = this.#strayLine;
      this.#strayLine = 0;
      if (stray > 0) return this.#reject({ line: stray, isTooLarge: false });
    } else if (this.#strayLine === 0 && LIKE_A_PROPERTY.test(text)) this.#strayLine = this.#line;
    return null;
  }

  #takeInside(open: OpenCard, line: Line): CardLines | RejectedRow | null {
    if (line !== TOO_LONG && isBegin(line)) {
      if (open.isAgentNext && open.depth < this.#limits.depth) open.depth += 1;
      else {
        const damaged = this.#reject(open);
        this.#begin();
        return damaged;
      }
    } else if (line !== TOO_LONG && isEnd(line)) {
      if (open.depth === 0) return this.#finish(open);
      open.depth -= 1;
    }
    this.#keep(open, line);
    return null;
  }

  #keep(open: OpenCard, line: Line): void {
    if (line === TOO_LONG) open.isTooLarge = true;
    else {
      open.sizeBytes += line.length + 2;
      if (line.trim() !== '') open.isAgentNext = AGENT.test(line.slice(0, 200));
      open.isTooLarge ||= open.sizeBytes > this.#limits.cardBytes || open.lines.length >= this.#limits.lines;
      if (!open.isTooLarge) open.lines.push(line);
    }
    if (open.isTooLarge) open.lines = [];
  }

  #finish(open: OpenCard): CardLines | RejectedRow {
    this.#open = null;
    if (open.isTooLarge) return this.#reject(open);
    this.#row += 1;
    return { row: this.#row, line: open.line, lines: open.lines, sizeBytes: open.sizeBytes };
  }
}

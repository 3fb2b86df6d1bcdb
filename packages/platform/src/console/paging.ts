import { html } from 'hono/html';
import type { Html, PageRequest, View } from './console-env.ts';

const ROWS = 50;

export interface ListPage<Row> {
  readonly rows: readonly Row[];
  /** From 1 on. */
  readonly number: number;
  /** At least 1. */
  readonly pages: number;
}

/** The page that `?page=` asks for; the nearest one there is. */
export const pageOf = <Row>(c: PageRequest, all: readonly Row[]): ListPage<Row> => {
  const pages = Math.max(1, Math.ceil(all.length / ROWS));
  const wanted = Number(c.req.query('page') ?? 1);
  const number = Number.isInteger(wanted) ? Math.min(Math.max(wanted, 1), pages) : 1;
  return { rows: all.slice((number - 1) * ROWS, number * ROWS), number, pages };
};

export const pageLinks = <Row>(
  { texts, formats }: View,
  { number, pages }: ListPage<Row>,
  address: (page: string) => string,
): Html | null => {
  if (pages === 1) return null;
  const { layout } = texts;
  return html`<nav class="pages" aria-label="${layout.pages}">
    ${number > 1 && html`<a rel="prev" href="${address(String(number - 1))}">${layout.previous}</a>`}
    <span>${layout.page(formats.count(number), formats.count(pages))}</span>
    ${number < pages && html`<a rel="next" href="${address(String(number + 1))}">${layout.next}</a>`}</nav>`;
};

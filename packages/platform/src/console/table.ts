import { html } from 'hono/html';
import type { Html } from './console-env.ts';

export interface Column<Row> {
  readonly title: string;
  readonly isNumber?: boolean;
  readonly cell: (row: Row) => Html | string;
}

/**
 * A table that becomes a list of cards where the page is narrow: the roles keep it a table for those who hear it.
 * The first column names the row.
 * @param caption says what is in it; heard, not seen
 */
export const renderTable = <Row>(caption: string, columns: readonly Column<Row>[], rows: readonly Row[]): Html => html`
<table role="table"><caption>${caption}</caption>
<thead role="rowgroup"><tr role="row">${columns.map(
  ({ title, isNumber }) => html`<th role="columnheader" scope="col" class="${isNumber ? 'number' : ''}">${title}</th>`,
)}</tr></thead>
<tbody role="rowgroup">${rows.map(
  (row) =>
    html`<tr role="row">${columns.map(({ title, isNumber, cell }, index) =>
      index === 0
        ? html`<th role="rowheader" scope="row">${cell(row)}</th>`
        : html`<td role="cell" class="${isNumber ? 'number' : ''}"><span class="label" aria-hidden="true">${title}</span><span class="value">${cell(row)}</span></td>`,
    )}</tr>`,
)}</tbody></table>`;

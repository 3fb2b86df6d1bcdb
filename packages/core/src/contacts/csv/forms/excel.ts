import { tableForm } from '../csv-form.ts';
import { ECOUNT_COLUMNS } from './ecount.ts';

/** The "Excel form" of address books: the header row is Ecount's (SPEC C8). */
export const excel = tableForm({ id: 'excel', requires: ['name', 'email'], columns: ECOUNT_COLUMNS });

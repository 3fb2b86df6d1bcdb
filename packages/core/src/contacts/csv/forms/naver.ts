import { tableForm } from '../csv-form.ts';
import { HIWORKS_COLUMNS } from './hiworks.ts';

/** Address book of Naver: the header row is that of Hiworks (SPEC C8). */
export const naver = tableForm({ id: 'naver', requires: ['name', 'email'], columns: HIWORKS_COLUMNS });

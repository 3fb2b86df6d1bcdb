import { tableForm } from '../csv-form.ts';
import { HIWORKS_COLUMNS } from './hiworks.ts';

/** Address book of Daum: the header row is that of Hiworks (SPEC C8). */
export const daum = tableForm({ id: 'daum', requires: ['name', 'email'], columns: HIWORKS_COLUMNS });

import { tableForm } from '../csv-form.ts';
import { HIWORKS_COLUMNS } from './hiworks.ts';

/** Address book of Whois: the header row is that of Hiworks (SPEC C8). */
export const whois = tableForm({ id: 'whois', requires: ['name', 'email'], columns: HIWORKS_COLUMNS });

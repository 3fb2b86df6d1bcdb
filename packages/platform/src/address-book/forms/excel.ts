import { ecount } from './ecount.ts';
import type { Form } from './form.ts';

/** The "Excel form", with the columns of Ecount's (SPEC C8). */
export const excel: Form = { ...ecount, name: 'excel', isExported: false };

import { ecount } from './forms/ecount.ts';
import { excel } from './forms/excel.ts';
import type { Form } from './forms/form.ts';
import { mailplugBook } from './forms/mailplug-book.ts';
import { mailplugOrgChart } from './forms/mailplug-org-chart.ts';
import { outlook } from './forms/outlook.ts';

/** Every form, by the name that the API knows it by. */
export const FORMS = {
  ecount,
  excel,
  'mailplug-book': mailplugBook,
  'mailplug-org-chart': mailplugOrgChart,
  outlook,
} as const satisfies Readonly<Record<string, Form>>;

export type FormName = keyof typeof FORMS;

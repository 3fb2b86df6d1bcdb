import type { CsvForm } from './csv-form.ts';
import { daum } from './forms/daum.ts';
import { ecount } from './forms/ecount.ts';
import { excel } from './forms/excel.ts';
import { hiworks } from './forms/hiworks.ts';
import { mailplugBook } from './forms/mailplug-book.ts';
import { mailplugOrgChart } from './forms/mailplug-org-chart.ts';
import { mailplugUsers } from './forms/mailplug-users.ts';
import { naver } from './forms/naver.ts';
import { outlookCom } from './forms/outlook-com.ts';
import { outlookEn } from './forms/outlook-en.ts';
import { outlookExpressKo } from './forms/outlook-express-ko.ts';
import { outlookKo } from './forms/outlook-ko.ts';
import { thunderbirdEn } from './forms/thunderbird-en.ts';
import { thunderbirdKo } from './forms/thunderbird-ko.ts';
import { whois } from './forms/whois.ts';
import { googleNew } from './google/google-new.ts';
import { googleOld } from './google/google-old.ts';

/** Every CSV form. Of forms with the same header row the first one is detected. */
export const CSV_FORMS: readonly CsvForm[] = [
  ecount,
  excel,
  mailplugBook,
  mailplugOrgChart,
  mailplugUsers,
  hiworks,
  whois,
  naver,
  daum,
  outlookEn,
  outlookKo,
  outlookCom,
  outlookExpressKo,
  googleNew,
  googleOld,
  thunderbirdEn,
  thunderbirdKo,
];

import type { Notice } from '@mailferry/core/mail';
import type { Texts } from '../texts.ts';
import { printable, wrapToWidth } from './display-width.ts';

const SHOWN_MAX = 20;
const INDENT = 4;

/** Lines of what people should know though nothing failed; none without notices. */
export const noticeLines = (notices: readonly Notice[], texts: Texts, columns: number): string[] => {
  if (notices.length === 0) return [];
  return [
    texts.text('report.notices', { count: notices.length }),
    ...notices
      .slice(0, SHOWN_MAX)
      .flatMap(({ code, details }) => wrapToWidth(`  ${printable(texts.notice(code, details))} [${code}]`, columns, INDENT)),
    ...(notices.length > SHOWN_MAX ? [`  ${texts.text('report.more', { count: notices.length - SHOWN_MAX })}`] : []),
  ];
};

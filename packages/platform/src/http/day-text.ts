import { z } from '@hono/zod-openapi';

/** A day of the office as the API writes it: 2026-01-31. */
export const DAY = z.iso.date();

/** 20260131 of 2026-01-31. */
export const dayNumber = (text: string): number => Number(text.replaceAll('-', ''));

/** 2026-01-31 of 20260131. */
export const dayText = (day: number): string =>
  String(day)
    .padStart(8, '0')
    .replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3');

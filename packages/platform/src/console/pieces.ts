import { html } from 'hono/html';
import type { Account } from '../store/accounts.ts';
import type { Html, View } from './console-env.ts';

/** From this share on an account counts as nearly full. */
export const NEARLY_FULL = 0.9;

/** What share of its quota an account uses; null without a quota. */
export const shareUsed = ({ quotaBytes }: Account, usedBytes: number): number | null => {
  if (quotaBytes === null) return null;
  return quotaBytes === 0 ? 1 : usedBytes / quotaBytes;
};

/** Text, and a bar where there is a quota. */
export const usageBar = ({ texts, formats }: View, account: Account, usedBytes: number): Html => {
  const used = formats.size(usedBytes);
  const share = shareUsed(account, usedBytes);
  if (share === null) return html`<span class="usage">${texts.accounts.unlimited(used)}</span>`;
  const tone = share >= 1 ? 'full' : share >= NEARLY_FULL ? 'nearly' : '';
  return html`<span class="usage"><span>${texts.accounts.ofQuota(used, formats.size(account.quotaBytes ?? 0))}</span>
    <svg class="${tone}" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true" focusable="false"><rect width="${(Math.min(share, 1) * 100).toFixed(1)}" height="4"/></svg></span>`;
};

export const time = ({ formats }: View, instant: Date): Html =>
  html`<time datetime="${instant.toISOString()}">${formats.dateTime(instant)}</time>`;

export const tag = (text: string, tone: 'good' | 'warn' | 'bad' | '' = ''): Html => html`<span class="tag ${tone}">${text}</span>`;

/** What keeps an account from working, or that nothing does; and its role, if it is more than a user. */
export const accountTags = ({ texts }: View, account: Account, now: Date): Html => {
  const { accounts, roles } = texts;
  const isBlocked = account.webBlockedUntil !== null && now < account.webBlockedUntil;
  return html`<span class="tags">${account.suspended ? tag(accounts.suspended, 'bad') : tag(accounts.active, 'good')}
    ${account.setUp ? '' : tag(accounts.notSetUp, 'warn')}${isBlocked ? tag(accounts.blocked, 'warn') : ''}
    ${account.role === 'user' ? '' : tag(roles[account.role])}</span>`;
};

export const empty = (text: string): Html => html`<p class="empty">${text}</p>`;

/** `/console/…` with what is given of the query. */
export const address = (path: string, query: Readonly<Record<string, string | undefined>> = {}): string => {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value) given.set(name, value);
  return given.size === 0 ? path : `${path}?${given}`;
};

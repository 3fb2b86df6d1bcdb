/** Longest pause that a server's hint is believed to mean; a longer one is taken as this. */
const MAX_BACKOFF_MS = 24 * 60 * 60 * 1000;

/**
 * How long a reply asks the client to wait: Exchange's `Suggested Backoff Time: 3000` (milliseconds), or words
 * such as `try again in 30 seconds`. Null where it names no time.
 */
export const readBackoff = (reply: string): number | null => {
  const milliseconds = /backoff time:?\s*(\d{1,9})/i.exec(reply)?.[1];
  if (milliseconds !== undefined) return Math.min(Number(milliseconds), MAX_BACKOFF_MS);
  const [, amount, unit = ''] = /\b(?:in|after|for|wait)\s+(\d{1,6})\s*(second|sec|minute|min|hour|s|m|h)s?\b/i.exec(reply) ?? [];
  if (amount === undefined) return null;
  const unitMs = { s: 1000, m: 60_000, h: 3_600_000 }[unit.slice(0, 1).toLowerCase()] ?? 1000;
  return Math.min(Number(amount) * unitMs, MAX_BACKOFF_MS);
};

const MB = 1024 * 1024;

/** In MB, exactly, as a field has it: empty means unlimited. */
export const quotaText = (bytes: number | null): string => (bytes === null ? '' : (bytes / MB).toFixed(20).replace(/\.?0+$/, ''));

/** Bytes, null for unlimited; undefined if it is no quota. */
export const readQuota = (text: string): number | null | undefined => {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  const bytes = /^\d{1,12}(\.\d{1,30})?$/.test(trimmed) ? Math.round(Number(trimmed) * MB) : Number.NaN;
  return Number.isSafeInteger(bytes) ? bytes : undefined;
};

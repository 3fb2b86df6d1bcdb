const UNITS = ['kB', 'MB', 'GB', 'TB'] as const;

/** Decimal units: `999 B`, `1.5 kB`, `80 MB`. */
export const bytesText = (bytes: number): string => {
  if (bytes < 1_000) return `${Math.round(bytes)} B`;
  let value = bytes / 1_000;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value)} ${UNITS[unit]}`;
};

/** `0:07`, `12:30`, `3:05:00`. */
export const durationText = (seconds: number): string => {
  const whole = Math.round(seconds);
  const twoDigits = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(whole / 3_600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours > 0 ? `${hours}:${twoDigits(minutes)}:${twoDigits(whole % 60)}` : `${minutes}:${twoDigits(whole % 60)}`;
};

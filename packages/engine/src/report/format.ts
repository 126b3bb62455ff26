// Numbers and instants as people read them; the same in the page and the terminal, in every locale.
import type { EpochMs } from '@bookrunner/sdk';

/** What stands where a figure is not defined. */
export const NONE = '–';

const MINUS = '\u2212';
const DAY_MS = 86_400_000;

/** A number with a fixed number of decimals and a comma every three digits; a true minus sign, and no minus zero. */
export function formatNumber(value: number | null, decimals = 2): string {
  if (value === null || Number.isNaN(value)) return NONE;
  if (!Number.isFinite(value)) return value > 0 ? '∞' : `${MINUS}∞`;
  const text = Math.abs(value).toFixed(decimals);
  // Above 1e21 the language itself writes an exponent.
  if (text.includes('e')) return value < 0 ? `${MINUS}${text}` : text;
  const point = text.indexOf('.');
  const whole = point < 0 ? text : text.slice(0, point);
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',') + (point < 0 ? '' : text.slice(point));
  const isZero = !/[1-9]/.test(text);
  return value < 0 && !isZero ? `${MINUS}${grouped}` : grouped;
}

/** A number with its sign in front, also for a gain. */
export function formatSigned(value: number | null, decimals = 2): string {
  const text = formatNumber(value, decimals);
  return value !== null && value > 0 && /[1-9∞]/.test(text) ? `+${text}` : text;
}

/** A whole number. */
export function formatCount(value: number): string {
  return formatNumber(value, 0);
}

/** A fraction as per cent: 0.1234 is 12.34%. */
export function formatPercent(fraction: number | null, decimals = 2): string {
  const text = formatNumber(fraction === null ? null : fraction * 100, decimals);
  return text === NONE ? NONE : `${text}%`;
}

/** A fraction as per cent with its sign in front, also for a gain. */
export function formatSignedPercent(fraction: number | null, decimals = 2): string {
  const text = formatSigned(fraction === null ? null : fraction * 100, decimals);
  return text === NONE ? NONE : `${text}%`;
}

/** A price or quantity with the digits it has, at most ten decimals. */
export function formatExact(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return formatNumber(value);
  const decimals = value.toFixed(10).replace(/0+$/, '').split('.')[1]?.length ?? 0;
  return formatNumber(value, decimals);
}

/** An instant in UTC to the second, or to the millisecond where it has any: `2024-05-06 13:30:00`. */
export function formatTime(ts: EpochMs | null): string {
  if (ts === null || !(Math.abs(ts) <= 8.64e15)) return NONE;
  const text = new Date(ts).toISOString().replace('T', ' ').replace('Z', '');
  return text.endsWith('.000') ? text.slice(0, -4) : text;
}

/** The UTC date of an instant: `2024-05-06`. */
export function formatDate(ts: EpochMs | null): string {
  return ts === null || !(Math.abs(ts) <= 8.64e15) ? NONE : new Date(ts).toISOString().slice(0, 10);
}

/** How long something took: `85 ms`, `3.21 s`, `4 min 12 s`, `2 h 05 min`, `3 d 04 h`. */
export function formatDuration(milliseconds: number | null): string {
  if (milliseconds === null || !Number.isFinite(milliseconds)) return NONE;
  if (milliseconds < 1000) return `${formatNumber(milliseconds, 0)} ms`;
  if (milliseconds < 60_000) return `${formatNumber(milliseconds / 1000, 2)} s`;
  const two = (value: number): string => String(value).padStart(2, '0');
  const seconds = Math.floor(milliseconds / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s`;
  if (milliseconds < DAY_MS) return `${Math.floor(seconds / 3600)} h ${two(Math.floor(seconds / 60) % 60)} min`;
  return `${formatCount(Math.floor(seconds / 86_400))} d ${two(Math.floor(seconds / 3600) % 24)} h`;
}

/** A rate such as bars a second, in three digits or so: `9.8 million`, `12,300`. */
export function formatRate(perSecond: number): string {
  if (!Number.isFinite(perSecond)) return NONE;
  return perSecond >= 1e6 ? `${formatNumber(perSecond / 1e6, 1)} million` : formatNumber(perSecond, 0);
}

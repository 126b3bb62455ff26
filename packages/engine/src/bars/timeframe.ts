import { barError } from './errors.js';

const UNITS = [
  ['w', 604_800],
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
  ['s', 1],
] as const;

/** Whether a bar length is one the schedule can lay: whole seconds, and whole days above one day. */
export function isBarSeconds(seconds: number): boolean {
  return Number.isSafeInteger(seconds) && seconds > 0 && (seconds <= 86_400 || seconds % 86_400 === 0);
}

/**
 * Seconds of a bar length such as `30s`, `5m`, `1h`, `1d`, `2w`.
 * Errors: BARS_TIMEFRAME_INVALID.
 */
export function parseTimeframe(text: string): number {
  const match = /^(\d{1,9})([smhdw])$/.exec(text);
  const unit = UNITS.find(([letter]) => letter === match?.[2]);
  const seconds = Number(match?.[1]) * (unit?.[1] ?? Number.NaN);
  if (isBarSeconds(seconds)) return seconds;
  throw barError('BARS_TIMEFRAME_INVALID', `'${text}' is not a bar length.`, { details: { timeframe: text } });
}

/**
 * The shortest text of a bar length: 60 is `1m`, 90 is `90s`, 604,800 is `1w`.
 * Errors: BARS_TIMEFRAME_INVALID.
 */
export function formatTimeframe(seconds: number): string {
  const unit = UNITS.find(([, length]) => seconds % length === 0);
  if (unit === undefined || !isBarSeconds(seconds)) {
    throw barError('BARS_TIMEFRAME_INVALID', `${seconds} seconds are not a bar length.`, { details: { seconds } });
  }
  return `${seconds / unit[1]}${unit[0]}`;
}

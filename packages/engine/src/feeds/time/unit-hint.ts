import type { EpochMs } from '@bookrunner/sdk';

/** Times of data that people trade on. */
const FROM = Date.UTC(2000, 0);
const TO = Date.UTC(2100, 0);

/** Units of times that are numbers. */
const UNITS = [
  { name: 'seconds', format: 'epoch-s', msEach: 1_000 },
  { name: 'milliseconds', format: 'epoch-ms', msEach: 1 },
  { name: 'microseconds', format: 'epoch-us', msEach: 1e-3 },
  { name: 'nanoseconds', format: 'epoch-ns', msEach: 1e-6 },
] as const;

/**
 * Asks whether times are in another unit than the one they were read in, and says how to say so; undefined where a time so read
 * may be one, and of formats that are no numbers.
 */
export function unitHint(ts: EpochMs, format = 'epoch-ms'): string | undefined {
  const read = UNITS.find((unit) => unit.format === format);
  if (read === undefined || isTraded(ts)) return undefined;
  const unit = UNITS.find(({ msEach }) => isTraded((ts / read.msEach) * msEach));
  if (unit === undefined) return undefined;
  return `are the times in ${unit.name}? Then say \`--time ${unit.format}\` (option \`time: ${unit.format}\`)`;
}

function isTraded(ts: EpochMs): boolean {
  return ts >= FROM && ts < TO;
}

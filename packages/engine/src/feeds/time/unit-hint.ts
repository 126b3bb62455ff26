import type { EpochMs } from '@bookrunner/sdk';

/** Times of data that people trade on. */
const FROM = Date.UTC(2000, 0);
const TO = Date.UTC(2100, 0);

/** Times that are none as milliseconds, and would be in another unit. */
const UNITS = [
  { name: 'seconds', format: 'epoch-s', msEach: 1_000 },
  { name: 'microseconds', format: 'epoch-us', msEach: 1e-3 },
  { name: 'nanoseconds', format: 'epoch-ns', msEach: 1e-6 },
] as const;

/** Asks whether times are in another unit, and says how to say so; undefined where a time read as milliseconds may be one. */
export function unitHint(ts: EpochMs): string | undefined {
  const unit = UNITS.find(({ msEach }) => ts * msEach >= FROM && ts * msEach < TO);
  if (unit === undefined) return undefined;
  return `are the times in ${unit.name}? Then say \`--time ${unit.format}\` (option \`time: ${unit.format}\`)`;
}

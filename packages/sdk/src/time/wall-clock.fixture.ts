// An independent reading of the wall clock for tests: asks the platform for every instant.
import type { EpochMs } from '../model/time.js';

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  formats.set(timeZone, format);
  return format;
}

/** `YYYY-MM-DDTHH:MM` in the zone. */
export function wallClock(timeZone: string, ts: EpochMs): string {
  return formatOf(timeZone).format(ts).replace(' ', 'T');
}

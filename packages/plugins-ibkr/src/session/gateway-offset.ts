import { HOUR_MS, MINUTE_MS } from '@bookrunner/sdk';
import type { EpochMs } from '@bookrunner/sdk';

const FORM = /^(\d{4})(\d{2})(\d{2})[ -]+(\d{2}):(\d{2}):(\d{2})/;
/** Zones differ by whole quarters of an hour; what is left over are clocks that differ. */
const QUARTER_MS = 15 * MINUTE_MS;
const MOST_MS = 15 * HOUR_MS;

/**
 * How far the wall clock of a gateway is ahead of UTC, by the time it says in the handshake. The zone behind it is a name of its machine's
 * own language. Undefined where it says no time, or none near `now`.
 */
export function gatewayOffset(wallClock: string, now: EpochMs): number | undefined {
  const match = FORM.exec(wallClock.trim());
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number) as [number, number, number, ...number[]];
  const wall = Date.UTC(year, month - 1, day, hour, minute, second);
  const offset = Math.round((wall - now) / QUARTER_MS) * QUARTER_MS + 0;
  return Math.abs(offset) <= MOST_MS ? offset : undefined;
}

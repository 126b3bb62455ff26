// How far back history has to reach: closed markets between the bars do not count.
import type { EpochMs, MarketCalendar } from '@bookrunner/sdk';

const HOUR_MS = 3_600_000;
/** Longer than any market has been closed. */
const LONGEST_CLOSE_MS = 30 * 24 * HOUR_MS;

/**
 * An instant since which the market was open for at least `openMs` until `at`, and hardly more than an hour longer. Where the calendar does not
 * reach that far, or the market was closed for a month, the earliest instant that was looked at.
 */
export function openSince(calendar: MarketCalendar, at: EpochMs, openMs: number): EpochMs {
  const earliest = Math.max(calendar.validFrom, at - openMs * 7 - LONGEST_CLOSE_MS);
  let until = Math.min(at, calendar.validTo);
  let from = until;
  let missing = openMs;
  while (missing > 0 && from > earliest) {
    from = Math.max(earliest, until - Math.max(missing, HOUR_MS));
    missing -= openTime(calendar, from, until);
    until = from;
  }
  return Math.min(from, at - openMs);
}

/** Time the market was open from one instant to another. */
function openTime(calendar: MarketCalendar, from: EpochMs, until: EpochMs): number {
  let open = 0;
  let at = from;
  while (at < until) {
    const start = calendar.isOpen(at) ? at : calendar.nextOpen(at);
    if (start >= until) break;
    at = Math.min(until, calendar.nextClose(start));
    open += at - start;
  }
  return open;
}

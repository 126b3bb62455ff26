import { DAY_MS } from '@bookrunner/sdk';
import type { EpochMs, MarketCalendar } from '@bookrunner/sdk';

/** One continuous trading interval. */
export interface Session {
  readonly open: EpochMs;
  readonly close: EpochMs;
  /** First open and last close of its trading day. */
  readonly dayOpen: EpochMs;
  readonly dayClose: EpochMs;
}

/**
 * The sessions of the first `days` trading days that open at or after `from`, in order; fewer where the calendar's data ends. A
 * market that never closes gives one session per trading day.
 */
export function* sessionsOf(calendar: MarketCalendar, from: EpochMs, days: number): Generator<Session> {
  let open = firstOpen(calendar, from);
  let day = Number.NaN;
  let count = 0;
  while (open < calendar.validTo) {
    const tradingDay = calendar.tradingDay(open);
    if (tradingDay !== day) count += 1;
    if (count > days) return;
    day = tradingDay;
    const dayClose = calendar.dayClose(open);
    const close = Math.min(calendar.sessionClose(open), dayClose);
    yield { open, close, dayOpen: calendar.dayOpen(open), dayClose };
    if (close >= calendar.validTo) return;
    open = calendar.isOpen(close) ? close : calendar.nextOpen(close);
  }
}

// Of a market that never closes, a day begins where its trading day does.
function firstOpen(calendar: MarketCalendar, from: EpochMs): EpochMs {
  if (!calendar.isOpen(from)) return calendar.nextOpen(from);
  const dayOpen = calendar.dayOpen(from);
  if (dayOpen === from || calendar.sessionOpen(from) === from) return from;
  const dayClose = calendar.dayClose(from);
  return calendar.isOpen(dayClose) ? dayClose : calendar.nextOpen(from);
}

const PROBE_DAYS = 28;

/** Trading days a year, from the four weeks after an instant; at least one. */
export function tradingDaysPerYear(calendar: MarketCalendar, from: EpochMs): number {
  const days = new Set<number>();
  for (const session of sessionsOf(calendar, from, PROBE_DAYS)) {
    if (session.open >= from + PROBE_DAYS * DAY_MS) break;
    days.add(session.dayOpen);
  }
  return Math.max(1, (days.size / PROBE_DAYS) * 365.25);
}

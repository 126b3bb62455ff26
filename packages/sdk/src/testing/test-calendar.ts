import type { MarketCalendar } from '../interfaces/market-calendar.js';
import { DAY_MS } from '../model/time.js';
import type { EpochMs, TradingDay } from '../model/time.js';

/** One continuous trading interval `[open, close)`. */
export interface TestSession {
  readonly open: EpochMs;
  readonly close: EpochMs;
}

const FIRST = Date.UTC(1970, 0, 1);
const LAST = Date.UTC(2100, 0, 1);

/**
 * A calendar of given sessions, ascending and apart, each a trading day of its own in UTC; without sessions it is always open,
 * in days of UTC. For tests: real calendars are in the SDK's time folder.
 */
export function aCalendar(sessions?: readonly TestSession[]): MarketCalendar {
  return sessions === undefined ? new SessionCalendar(everyDay) : new SessionCalendar(() => sessions);
}

/** The civil days around an instant: yesterday, today, tomorrow, as touching sessions. */
function everyDay(ts: EpochMs): readonly TestSession[] {
  const today = Math.floor(ts / DAY_MS) * DAY_MS;
  return [-DAY_MS, 0, DAY_MS].map((shift) => ({ open: today + shift, close: today + shift + DAY_MS }));
}

class SessionCalendar implements MarketCalendar {
  readonly id = 'test';
  readonly timeZone = 'UTC';
  readonly validFrom = FIRST;
  readonly validTo = LAST;
  readonly dataVersion = 'test';
  readonly #sessionsAround: (ts: EpochMs) => readonly TestSession[];

  constructor(sessionsAround: (ts: EpochMs) => readonly TestSession[]) {
    this.#sessionsAround = sessionsAround;
  }

  isOpen(ts: EpochMs): boolean {
    return this.#containing(ts) !== undefined;
  }

  sessionOpen(ts: EpochMs): EpochMs {
    return this.#containing(ts)?.open ?? Number.NaN;
  }

  sessionClose(ts: EpochMs): EpochMs {
    return this.#containing(ts)?.close ?? Number.NaN;
  }

  nextOpen(ts: EpochMs): EpochMs {
    return this.#sessionsAround(ts).find((session) => session.open >= ts)?.open ?? this.validTo;
  }

  nextClose(ts: EpochMs): EpochMs {
    return this.#sessionsAround(ts).find((session) => session.close > ts)?.close ?? this.validTo;
  }

  tradingDay(ts: EpochMs): TradingDay {
    const day = new Date(this.dayOpen(ts));
    return day.getUTCFullYear() * 10_000 + (day.getUTCMonth() + 1) * 100 + day.getUTCDate();
  }

  dayOpen(ts: EpochMs): EpochMs {
    return this.#containing(ts)?.open ?? this.nextOpen(ts);
  }

  dayClose(ts: EpochMs): EpochMs {
    return this.nextClose(ts);
  }

  #containing(ts: EpochMs): TestSession | undefined {
    return this.#sessionsAround(ts).find((session) => session.open <= ts && ts < session.close);
  }
}

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
 * in days of UTC. For tests: real calendars are in the SDK's time folder. Asking it allocates nothing.
 */
export function aCalendar(sessions?: readonly TestSession[]): MarketCalendar {
  return sessions === undefined ? new DailyCalendar() : new SessionCalendar(sessions);
}

abstract class TestCalendar implements MarketCalendar {
  readonly id = 'test';
  readonly timeZone = 'UTC';
  readonly validFrom = FIRST;
  readonly validTo = LAST;
  readonly dataVersion = 'test';

  abstract sessionOpen(ts: EpochMs): EpochMs;
  abstract sessionClose(ts: EpochMs): EpochMs;
  abstract nextOpen(ts: EpochMs): EpochMs;
  abstract nextClose(ts: EpochMs): EpochMs;

  isOpen(ts: EpochMs): boolean {
    return this.sessionOpen(ts) <= ts;
  }

  tradingDay(ts: EpochMs): TradingDay {
    const day = new Date(this.dayOpen(ts));
    return day.getUTCFullYear() * 10_000 + (day.getUTCMonth() + 1) * 100 + day.getUTCDate();
  }

  dayOpen(ts: EpochMs): EpochMs {
    return this.isOpen(ts) ? this.sessionOpen(ts) : this.nextOpen(ts);
  }

  dayClose(ts: EpochMs): EpochMs {
    return this.nextClose(ts);
  }
}

/** Every civil day of UTC is a session that touches the next. */
class DailyCalendar extends TestCalendar {
  override sessionOpen(ts: EpochMs): EpochMs {
    return Math.floor(ts / DAY_MS) * DAY_MS;
  }

  override sessionClose(ts: EpochMs): EpochMs {
    return this.sessionOpen(ts) + DAY_MS;
  }

  override nextOpen(ts: EpochMs): EpochMs {
    return Math.ceil(ts / DAY_MS) * DAY_MS;
  }

  override nextClose(ts: EpochMs): EpochMs {
    return this.sessionClose(ts);
  }
}

class SessionCalendar extends TestCalendar {
  readonly #sessions: readonly TestSession[];

  constructor(sessions: readonly TestSession[]) {
    super();
    this.#sessions = sessions;
  }

  override sessionOpen(ts: EpochMs): EpochMs {
    for (const { open, close } of this.#sessions) if (open <= ts && ts < close) return open;
    return Number.NaN;
  }

  override sessionClose(ts: EpochMs): EpochMs {
    for (const { open, close } of this.#sessions) if (open <= ts && ts < close) return close;
    return Number.NaN;
  }

  override nextOpen(ts: EpochMs): EpochMs {
    for (const { open } of this.#sessions) if (open >= ts) return open;
    return this.validTo;
  }

  override nextClose(ts: EpochMs): EpochMs {
    for (const { close } of this.#sessions) if (close > ts) return close;
    return this.validTo;
  }
}

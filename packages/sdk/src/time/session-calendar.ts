// A market calendar over precomputed sessions.
import { sdkError } from '../errors.js';
import type { MarketCalendar } from '../interfaces/market-calendar.js';
import type { EpochMs, TradingDay } from '../model/time.js';
import type { CalendarRules } from './calendar-rules.js';
import { formatCivilDay } from './civil-day.js';
import { buildSessionTable } from './session-table.js';
import type { SessionTable } from './session-table.js';

/**
 * {@link MarketCalendar} from rules. The sessions are computed at first use. Queries are binary searches that remember the last
 * answer, so a walk through time costs a few comparisons a step; they allocate nothing.
 * Errors: CALENDAR_OUT_OF_RANGE where the instant, or the session asked for, lies outside the data; CALENDAR_INVALID at first use
 * where the rules make no valid sessions.
 */
export class SessionCalendar implements MarketCalendar {
  readonly id: string;
  readonly timeZone: string;
  readonly dataVersion: string;
  readonly #rules: CalendarRules;
  #table: SessionTable | undefined;
  // First session whose close lies after the last instant asked for.
  #last = 0;

  constructor(rules: CalendarRules) {
    this.id = rules.id;
    this.timeZone = rules.timeZone;
    this.dataVersion = rules.dataVersion;
    this.#rules = rules;
  }

  get validFrom(): EpochMs {
    return this.#sessions().validFrom;
  }

  get validTo(): EpochMs {
    return this.#sessions().validTo;
  }

  isOpen(ts: EpochMs): boolean {
    const table = this.#sessions();
    const index = this.#find(table, ts);
    return index < table.length && table.opens[index]! <= ts;
  }

  sessionOpen(ts: EpochMs): EpochMs {
    const table = this.#sessions();
    const index = this.#find(table, ts);
    if (index === table.length) return Number.NaN;
    const open = table.opens[index]!;
    return open <= ts ? open : Number.NaN;
  }

  sessionClose(ts: EpochMs): EpochMs {
    const table = this.#sessions();
    const index = this.#find(table, ts);
    return index < table.length && table.opens[index]! <= ts ? table.closes[index]! : Number.NaN;
  }

  nextOpen(ts: EpochMs): EpochMs {
    const table = this.#sessions();
    let index = this.#find(table, ts);
    if (index < table.length && table.opens[index]! < ts) index += 1;
    if (index >= table.length) throw this.#outOfRange(ts);
    return table.opens[index]!;
  }

  nextClose(ts: EpochMs): EpochMs {
    const table = this.#sessions();
    return table.closes[this.#findKnown(table, ts)]!;
  }

  tradingDay(ts: EpochMs): TradingDay {
    const table = this.#sessions();
    return table.tradingDays[this.#findKnown(table, ts)]!;
  }

  dayOpen(ts: EpochMs): EpochMs {
    const table = this.#sessions();
    let index = this.#findKnown(table, ts);
    const day = table.tradingDays[index]!;
    while (index > 0 && table.tradingDays[index - 1]! === day) index -= 1;
    return table.opens[index]!;
  }

  dayClose(ts: EpochMs): EpochMs {
    const table = this.#sessions();
    let index = this.#findKnown(table, ts);
    const day = table.tradingDays[index]!;
    while (index + 1 < table.length && table.tradingDays[index + 1]! === day) index += 1;
    return table.closes[index]!;
  }

  #sessions(): SessionTable {
    return (this.#table ??= buildSessionTable(this.#rules));
  }

  #findKnown(table: SessionTable, ts: EpochMs): number {
    const index = this.#find(table, ts);
    if (index === table.length) throw this.#outOfRange(ts);
    return index;
  }

  /** Index of the first session whose close lies after ts; `length` after the last close. */
  #find(table: SessionTable, ts: EpochMs): number {
    // Written so that NaN fails too.
    if (!(ts >= table.validFrom && ts <= table.validTo)) throw this.#outOfRange(ts);
    const closes = table.closes;
    let index = this.#last;
    if (index === 0 || closes[index - 1]! <= ts) {
      if (index === table.length || ts < closes[index]!) return index;
      index += 1;
      if (index === table.length || ts < closes[index]!) return (this.#last = index);
    }
    return (this.#last = firstAfter(closes, ts));
  }

  #outOfRange(ts: EpochMs): Error {
    const range = `${formatCivilDay(this.#rules.from)} to ${formatCivilDay(this.#rules.to)}`;
    const instant = Number.isFinite(ts) && Math.abs(ts) <= 8.64e15 ? new Date(ts).toISOString() : String(ts);
    return sdkError(
      'CALENDAR_OUT_OF_RANGE',
      `Calendar '${this.id}' covers ${range} (${this.timeZone}) and cannot answer for ${instant}.`,
      { details: { calendar: this.id, ts, from: this.#rules.from, to: this.#rules.to } },
    );
  }
}

/** Index of the first value above `limit`; the length where there is none. */
function firstAfter(values: Float64Array, limit: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle]! > limit) high = middle;
    else low = middle + 1;
  }
  return low;
}

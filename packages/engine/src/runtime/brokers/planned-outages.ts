// When a venue is away by plan: a calendar whose sessions are the outages.
import { declareCalendar, type EpochMs, type MarketCalendar } from '@bookrunner/sdk';
import type { OutageConfig, Weekday } from '../../config/index.js';

const WEEK: readonly Weekday[] = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

/** Where an instant lies. `until`: end of the outage, or of the next one. `changesAt`: when to look again. */
export interface OutagePhase {
  readonly phase: 'none' | 'near' | 'outage';
  readonly from: EpochMs;
  readonly until: EpochMs;
  readonly changesAt: EpochMs;
}

/** The planned outages of one venue. */
export class PlannedOutages {
  readonly #calendars: readonly MarketCalendar[];
  readonly #leadMs: number;

  /** Errors: CALENDAR_INVALID. */
  constructor(outages: readonly OutageConfig[], leadMs: number) {
    this.#leadMs = leadMs;
    // One each: outages may overlap, sessions may not.
    this.#calendars = outages.map(calendarOf);
  }

  at(now: EpochMs): OutagePhase {
    const under = this.#calendars.filter((calendar) => calendar.isOpen(now));
    const next = Math.min(...this.#calendars.map((calendar) => calendar.nextOpen(now + 1)));
    if (under.length > 0) {
      const until = Math.max(...under.map((calendar) => calendar.sessionClose(now)));
      const from = Math.min(...under.map((calendar) => calendar.sessionOpen(now)));
      return { phase: 'outage', from, until, changesAt: until };
    }
    const isNear = next - this.#leadMs <= now;
    const until = isNear ? Math.min(...this.#calendars.map((calendar) => calendar.nextClose(now))) : Number.NaN;
    return { phase: isNear ? 'near' : 'none', from: next, until, changesAt: isNear ? next : next - this.#leadMs };
  }
}

/** A session whose close is not after its open opens on the evening before its day: so its day is the one on which it ends. */
function calendarOf({ days, from, to, timeZone }: OutageConfig): MarketCalendar {
  const isOvernight = to <= from;
  const dayOf = (day: Weekday): Weekday => WEEK[(WEEK.indexOf(day) + (isOvernight ? 1 : 0)) % 7] as Weekday;
  const sessions = Object.fromEntries(days.map((day) => [dayOf(day), [[from, to] as const]]));
  return declareCalendar({ timeZone, sessions }, 'outage');
}

// When the gateway is away by plan, by its own restart and its weekly login.
import { DAY_MS, declareCalendar } from '@bookrunner/sdk';
import type { EpochMs, MarketCalendar, WeekdayName } from '@bookrunner/sdk';
import type { ConnectionOptions } from '../connection-options.js';

const WEEK: readonly WeekdayName[] = [
  ...(['sunday', 'monday', 'tuesday', 'wednesday'] as const),
  ...(['thursday', 'friday', 'saturday'] as const),
];

/** A window under way. */
export interface PlannedRestart {
  readonly kind: 'restart' | 'relogin';
  readonly from: EpochMs;
  readonly until: EpochMs;
}

/** The windows of one connection: calendars whose sessions are the outages, true to summer time. */
export class PlannedRestarts {
  readonly #calendars: readonly { readonly kind: PlannedRestart['kind']; readonly calendar: MarketCalendar }[];

  constructor({ restart, relogin }: Pick<ConnectionOptions, 'restart' | 'relogin'>) {
    this.#calendars = [
      ...(restart === false ? [] : [{ kind: 'restart' as const, calendar: calendarOf(restart, WEEK) }]),
      ...(relogin === false ? [] : [{ kind: 'relogin' as const, calendar: calendarOf(relogin, [relogin.day]) }]),
    ];
  }

  /** The window that an instant lies in; of two, the one that ends later. */
  at(now: EpochMs): PlannedRestart | undefined {
    return this.#calendars
      .filter(({ calendar }) => covers(calendar, now) && calendar.isOpen(now))
      .map(({ kind, calendar }) => ({ kind, from: calendar.sessionOpen(now), until: calendar.sessionClose(now) }))
      .toSorted((a, b) => b.until - a.until)[0];
  }

  /** First instant after `now` at which a window begins or ends; infinity without any. */
  nextChange(now: EpochMs): EpochMs {
    const changes = this.#calendars
      .filter(({ calendar }) => covers(calendar, now))
      .map(({ calendar }) => (calendar.isOpen(now) ? calendar.sessionClose(now) : calendar.nextOpen(now + 1)));
    return Math.min(Number.POSITIVE_INFINITY, ...changes);
  }
}

/** Half a century is declared; what lies outside has no windows. */
function covers(calendar: MarketCalendar, now: EpochMs): boolean {
  return now >= calendar.validFrom && now < calendar.validTo - 8 * DAY_MS;
}

/** A session whose close is not after its open opens on the evening before its day. */
function calendarOf(
  { at, zone, minutes }: { readonly at: string; readonly zone: string; readonly minutes: number },
  days: readonly WeekdayName[],
): MarketCalendar {
  const [hour, minute] = at.split(':').map(Number) as [number, number];
  const end = (hour * 60 + minute + minutes) % (24 * 60);
  const until = `${String(Math.floor(end / 60)).padStart(2, '0')}:${String(end % 60).padStart(2, '0')}`;
  const isOvernight = until <= at;
  const dayOf = (day: WeekdayName): WeekdayName => WEEK[(WEEK.indexOf(day) + (isOvernight ? 1 : 0)) % 7]!;
  const sessions = Object.fromEntries(days.map((day) => [dayOf(day), [[at, until] as const]]));
  return declareCalendar({ timeZone: zone, sessions }, 'gateway-restart');
}

// What the configuration asks of the calendars.
import { isTradingError } from '@bookrunner/sdk';
import type { EpochMs, MarketCalendar } from '@bookrunner/sdk';
import type { ConfigIssue } from './config-errors.js';
import type { ConfigSource } from './config-source.js';
import type { CalendarsConfig } from './engine-config.js';

/** Where calendars come from: the SDK's `marketCalendar` and what goes with it. */
export interface CalendarCatalog {
  /** Ids of the calendars that need no declaration. */
  readonly builtIn: readonly string[];
  /** The calendar of an id; a TradingError where the id is unknown or its declaration faulty. */
  calendar(id: string, declared: CalendarsConfig): MarketCalendar;
  /** A sentence where the calendar's data has ended or ends soon. */
  expiryWarning(calendar: MarketCalendar, now: EpochMs): string | undefined;
}

/** The ids that every SDK has. */
export const BUILT_IN_CALENDAR_IDS: readonly string[] = [
  '24x7',
  '24x5',
  'XNYS',
  'XNAS',
  'XLON',
  'XTKS',
  'XHKG',
  'CMES',
];

/** What is wrong with declared calendars that passed the schema: zones, circles, sessions that overlap. */
export function declarationIssues(
  declared: CalendarsConfig,
  catalog: CalendarCatalog,
  source: ConfigSource,
): readonly ConfigIssue[] {
  return Object.keys(declared).flatMap((id) => {
    try {
      // Asking for the range computes the sessions, and with them every check.
      void catalog.calendar(id, declared).validTo;
      return [];
    } catch (error) {
      if (!isTradingError(error)) throw error;
      return [source.issue(['calendars', id], error.message, { remedy: error.remedy })];
    }
  });
}

/** Warnings for calendars in use whose data ends soon. */
export function expiryWarnings(
  used: Iterable<string>,
  declared: CalendarsConfig,
  context: { readonly catalog: CalendarCatalog; readonly now: EpochMs; readonly source: ConfigSource },
): readonly ConfigIssue[] {
  return [...new Set(used)].flatMap((id) => {
    const text = context.catalog.expiryWarning(context.catalog.calendar(id, declared), context.now);
    if (text === undefined) return [];
    // The sentence says itself what to do.
    return [context.source.issue(['calendars', id], text, { code: 'CONFIG_CALENDAR_EXPIRING', remedy: '' })];
  });
}

// What the configuration asks of the calendars.
import { calendarExpiryWarning, isTradingError, marketCalendar } from '@bookrunner/sdk';
import type { CalendarDefinitions, EpochMs } from '@bookrunner/sdk';
import type { ConfigIssue } from './config-errors.js';
import type { ConfigSource } from './config-source.js';

/** What is wrong with declared calendars that passed the schema: zones, circles, sessions that overlap. */
export function declarationIssues(declared: CalendarDefinitions, source: ConfigSource): readonly ConfigIssue[] {
  return Object.keys(declared).flatMap((id) => {
    try {
      // Asking for the range computes the sessions, and with them every check.
      void marketCalendar(id, declared).validTo;
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
  declared: CalendarDefinitions,
  context: { readonly now: EpochMs; readonly source: ConfigSource },
): readonly ConfigIssue[] {
  return [...new Set(used)].flatMap((id) => {
    const text = calendarExpiryWarning(marketCalendar(id, declared), context.now);
    if (text === undefined) return [];
    // The sentence says itself what to do.
    return [context.source.issue(['calendars', id], text, { code: 'CONFIG_CALENDAR_EXPIRING', remedy: '' })];
  });
}

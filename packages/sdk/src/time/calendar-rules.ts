// What a calendar is made of before it becomes a table of sessions.
import { FRIDAY, MONDAY } from './civil-day.js';
import type { CivilDay } from './civil-day.js';

/**
 * One session in minutes from local midnight of its trading day. An `open` below zero lies on the evening before: -420 is 17:00.
 * Invariant: -1440 <= open < close <= 1440.
 */
export interface DaySession {
  readonly open: number;
  readonly close: number;
}

/** Sessions by weekday, index 0 Sunday to 6 Saturday, in force from a day until the next period. */
export interface HoursPeriod {
  readonly since: CivilDay;
  readonly weekdays: readonly (readonly DaySession[])[];
}

/** Days that differ from the usual hours. A closed day wins over the others, listed sessions over an early close. */
export interface DayExceptions {
  readonly closed: Set<CivilDay>;
  /** Minute of the day at which trading ends; later sessions are dropped, the one it cuts is shortened. */
  readonly earlyCloses: Map<CivilDay, number>;
  /** Days whose sessions are listed in full. */
  readonly sessions: Map<CivilDay, readonly DaySession[]>;
}

/** A calendar as rules: hours in force, exceptions, range. `exceptions` is called once, at first use. */
export interface CalendarRules {
  readonly id: string;
  readonly timeZone: string;
  readonly dataVersion: string;
  /** First and last trading day covered. */
  readonly from: CivilDay;
  readonly to: CivilDay;
  /** Ascending by `since`; the first starts at or before `from`. */
  readonly hours: readonly HoursPeriod[];
  exceptions(): DayExceptions;
}

/** Version of the holiday data in this package: the month it was last checked. */
export const DATA_VERSION = '2026-11';

/** First and last year of the holiday data in this package. */
export const FIRST_YEAR = 2000;
export const LAST_YEAR = 2027;

/** No exceptions yet. */
export function noExceptions(): DayExceptions {
  return { closed: new Set(), earlyCloses: new Map(), sessions: new Map() };
}

/** `09:30` as minutes of the day. */
export function minutes(hour: number, minute = 0): number {
  return hour * 60 + minute;
}

/** The same time on the evening before the trading day. */
export function eveningBefore(hour: number, minute = 0): number {
  return minutes(hour, minute) - 24 * 60;
}

/** The same sessions from Monday to Friday. */
export function mondayToFriday(sessions: readonly DaySession[]): readonly (readonly DaySession[])[] {
  return Array.from({ length: 7 }, (_, weekday) => (weekday >= MONDAY && weekday <= FRIDAY ? sessions : []));
}

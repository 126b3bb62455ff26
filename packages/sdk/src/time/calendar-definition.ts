// The shape of a calendar declared in engine.yaml.

/** Opening and closing time on the market's wall clock, `["09:30", "16:00"]`. */
export type SessionText = readonly [open: string, close: string];

/** Sessions of Monday to Friday as one list, or of each weekday by its English name; a weekday left out is closed. */
export type SessionsDefinition =
  | readonly SessionText[]
  | Readonly<Partial<Record<WeekdayName, readonly SessionText[]>>>;

/** English name of a weekday, in lower case. */
export type WeekdayName = 'sunday' | 'monday' | 'tuesday' | 'wednesday' | 'thursday' | 'friday' | 'saturday';

/**
 * What `calendars:` of engine.yaml holds under an id. Times are `HH:MM` on the wall clock of `timeZone`, dates are `YYYY-MM-DD`.
 * A session whose close is not after its open starts on the evening before: `["17:00", "16:00"]` under monday runs from Sunday
 * 17:00 to Monday 16:00 and its trading day is Monday. A close of `24:00` is the end of the day.
 * @example
 * { timeZone: 'Europe/Paris', sessions: [['09:00', '17:30']], holidays: ['2026-12-25'], earlyCloses: { '2026-12-24': '14:05' } }
 */
export interface CalendarDefinition {
  /** Id of the calendar whose fields are taken over; holidays and early closes add to it. */
  readonly extends?: string;
  /** IANA zone; required without `extends`. */
  readonly timeZone?: string;
  /** Required without `extends`; the early closes and holidays of `extends` stay in force over them. */
  readonly sessions?: SessionsDefinition;
  readonly holidays?: readonly string[];
  readonly earlyCloses?: Readonly<Record<string, string>>;
  /** Days that `extends` closes or shortens and that have the usual hours here. */
  readonly regularDays?: readonly string[];
  /** First and last trading day covered; inside the range of `extends`. Without it 2000-01-01 to 2049-12-31. */
  readonly range?: { readonly from?: string; readonly to?: string };
  /** Free text for the operator; `declared` where left out. */
  readonly dataVersion?: string;
}

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isTradingError } from '../errors.js';
import { HOUR_MS } from '../model/time.js';
import type { CalendarDefinition } from './calendar-definition.js';
import { declareCalendar, marketCalendar } from './market-calendars.js';
import type { CalendarDefinitions } from './market-calendars.js';
import { listSessions, sessionsOfDay } from './session-list.fixture.js';
import { wallClock } from './wall-clock.fixture.js';

const PARIS: CalendarDefinition = {
  timeZone: 'Europe/Paris',
  sessions: [['09:00', '17:30']],
  holidays: ['2026-12-25'],
  earlyCloses: { '2026-12-24': '14:05' },
};

/** The operator's text for a faulty definition; the fields may be of any shape, as a file's are. */
function faultOf(definition: unknown, declared: CalendarDefinitions = {}): string {
  try {
    const calendar = declareCalendar(definition as CalendarDefinition, 'MINE', declared);
    calendar.isOpen(Date.UTC(2024, 0, 2));
  } catch (error) {
    if (isTradingError(error)) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'no error';
}

describe('declareCalendar', () => {
  it('makes a calendar of hours, holidays and early closes', () => {
    const paris = declareCalendar(PARIS, 'XPAR');
    expect(paris.id).toBe('XPAR');
    expect(paris.timeZone).toBe('Europe/Paris');
    expect(paris.dataVersion).toBe('declared');
    expect(sessionsOfDay(paris, 20261223)).toBe('09:00-17:30');
    expect(sessionsOfDay(paris, 20261224)).toBe('09:00-14:05');
    expect(sessionsOfDay(paris, 20261225)).toBe('');
    expect(sessionsOfDay(paris, 20261226)).toBe('');
    // Summer time in Paris.
    expect(paris.nextOpen(Date.UTC(2026, 6, 1))).toBe(Date.UTC(2026, 6, 1, 7));
  });

  it('reads sessions by weekday, over night and over the end of the day', () => {
    const calendar = declareCalendar({
      timeZone: 'America/Chicago',
      sessions: {
        monday: [['17:00', '16:00']],
        tuesday: [
          ['18:00', '07:45'],
          ['08:30', '13:20'],
        ],
        saturday: [['00:00', '24:00']],
      },
    });
    expect(sessionsOfDay(calendar, 20240108)).toBe('17:00-16:00');
    expect(calendar.nextOpen(Date.UTC(2024, 0, 7))).toBe(Date.UTC(2024, 0, 7, 23));
    expect(calendar.tradingDay(Date.UTC(2024, 0, 7, 23))).toBe(20240108);
    expect(sessionsOfDay(calendar, 20240109)).toBe('18:00-07:45 08:30-13:20');
    expect(sessionsOfDay(calendar, 20240110)).toBe('');
    const saturday = calendar.nextOpen(Date.UTC(2024, 0, 10));
    expect(calendar.sessionClose(saturday) - saturday).toBe(24 * HOUR_MS);
  });

  it('lengthens and shortens a session over the change of summer time, and drops one that is skipped', () => {
    const night = declareCalendar({
      timeZone: 'Europe/Paris',
      sessions: { sunday: [['00:00', '06:00']] },
      range: { from: '2024-01-01', to: '2024-12-31' },
    });
    const length = (ts: number) => (night.nextClose(ts) - night.nextOpen(ts)) / HOUR_MS;
    expect(length(Date.UTC(2024, 2, 30))).toBe(5);
    expect(length(Date.UTC(2024, 9, 26))).toBe(7);
    const skipped = declareCalendar({ timeZone: 'Europe/Paris', sessions: { sunday: [['02:00', '03:00']] } });
    expect(sessionsOfDay(skipped, 20240324)).toBe('02:00-03:00');
    expect(sessionsOfDay(skipped, 20240331)).toBe('');
  });

  it('opens and closes at the declared wall clock times of any zone', () => {
    const zones = ['UTC', 'Europe/Paris', 'America/New_York', 'Australia/Sydney', 'Asia/Kolkata', 'Africa/Casablanca'];
    // From 04:00 on no zone changes its clock.
    const times = fc.uniqueArray(fc.integer({ min: 16, max: 95 }), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(fc.constantFrom(...zones), times, (timeZone, quarters) => {
        const [a, b, c, d] = quarters
          .toSorted((left, right) => left - right)
          .map(
            (quarter) =>
              `${String(Math.floor(quarter / 4)).padStart(2, '0')}:${String((quarter % 4) * 15).padStart(2, '0')}`,
          );
        const calendar = declareCalendar({
          timeZone,
          sessions: [
            [a!, b!],
            [c!, d!],
          ],
          range: { from: '2024-01-01', to: '2024-12-31' },
        });
        const sessions = listSessions(calendar, calendar.validFrom, calendar.validTo);
        expect(sessions).toHaveLength(2 * 262);
        const seen = new Set(
          sessions.map(
            ({ open, close }) => `${wallClock(timeZone, open).slice(11)}-${wallClock(timeZone, close).slice(11)}`,
          ),
        );
        expect(seen).toEqual(new Set([`${a}-${b}`, `${c}-${d}`]));
      }),
      { numRuns: 30 },
    );
  });

  it('adds to the calendar it extends, and takes days back', () => {
    const desk = declareCalendar(
      {
        extends: 'XNYS',
        holidays: ['2024-05-24'],
        earlyCloses: { '2024-05-28': '12:00' },
        regularDays: ['2024-07-03', '2024-07-04'],
      },
      'DESK',
    );
    expect(sessionsOfDay(desk, 20240524)).toBe('');
    expect(sessionsOfDay(desk, 20240527)).toBe('');
    expect(sessionsOfDay(desk, 20240528)).toBe('09:30-12:00');
    expect(sessionsOfDay(desk, 20240703)).toBe('09:30-16:00');
    expect(sessionsOfDay(desk, 20240704)).toBe('09:30-16:00');
    expect(sessionsOfDay(marketCalendar('XNYS'), 20240524)).toBe('09:30-16:00');
    expect(desk.dataVersion).toBe(marketCalendar('XNYS').dataVersion);
  });

  it('replaces hours and keeps holidays', () => {
    const evening = declareCalendar({ extends: 'XNYS', sessions: [['16:00', '20:00']] });
    expect(sessionsOfDay(evening, 20240102)).toBe('16:00-20:00');
    expect(sessionsOfDay(evening, 20240101)).toBe('');
    expect(sessionsOfDay(evening, 20020911)).toBe('16:00-20:00');
    // New York closes at 13:00.
    expect(sessionsOfDay(evening, 20240703)).toBe('');
  });

  it('narrows the range of the calendar it extends', () => {
    const year = declareCalendar({ extends: 'XTKS', range: { from: '2024-01-01', to: '2024-12-31' } });
    expect(year.validFrom).toBe(Date.UTC(2023, 11, 31, 15));
    expect(year.validTo).toBe(Date.UTC(2024, 11, 31, 15) - 1);
    expect(sessionsOfDay(year, 20241105)).toBe('09:00-11:30 12:30-15:30');
  });

  it('corrects a built-in calendar under its own id, and is found by it', () => {
    const declared = { XNYS: { extends: 'XNYS', holidays: ['2027-03-08'] }, CORE: { extends: 'XNYS' } };
    expect(sessionsOfDay(marketCalendar('XNYS', declared), 20270308)).toBe('');
    expect(sessionsOfDay(marketCalendar('CORE', declared), 20270308)).toBe('');
    expect(sessionsOfDay(marketCalendar('XNYS'), 20270308)).toBe('09:30-16:00');
    expect(marketCalendar('CORE', declared)).toBe(marketCalendar('CORE', declared));
    expect(marketCalendar('XLON', declared)).toBe(marketCalendar('XLON'));
  });

  it.each([
    [null, 'calendars.MINE has to be a mapping; it is null.'],
    [[], 'calendars.MINE has to be a mapping'],
    [{}, 'calendars.MINE.timeZone is missing'],
    [{ timeZone: 'UTC' }, 'calendars.MINE.sessions is missing'],
    [{ ...PARIS, timezone: 'UTC' }, "calendars.MINE.timezone is not a field of a calendar. Did you mean 'timeZone'?"],
    [{ ...PARIS, timeZone: 'Paris' }, "calendars.MINE.timeZone 'Paris' is not an IANA time zone"],
    [{ ...PARIS, timeZone: 2 }, 'calendars.MINE.timeZone has to be a text; it is 2.'],
    [{ ...PARIS, sessions: '09:00-17:00' }, 'calendars.MINE.sessions has to be a mapping'],
    [
      { ...PARIS, sessions: { mondays: [] } },
      "calendars.MINE.sessions.mondays is not a field of a calendar. Did you mean 'monday'?",
    ],
    [
      { ...PARIS, sessions: { monday: '09:00' } },
      'calendars.MINE.sessions.monday has to be a list of [open, close] pairs',
    ],
    [{ ...PARIS, sessions: ['09:00', '17:00'] }, 'calendars.MINE.sessions[0] has to be a pair'],
    [
      { ...PARIS, sessions: [['9:00', '17:00']] },
      "calendars.MINE.sessions[0][0] has to be a time HH:MM in quotes; it is '9:00'.",
    ],
    [
      { ...PARIS, sessions: [['09:00', 1020]] },
      'calendars.MINE.sessions[0][1] has to be a time HH:MM in quotes; it is 1020.',
    ],
    [{ ...PARIS, sessions: [['09:60', '17:00']] }, 'calendars.MINE.sessions[0][0] has to be a time'],
    [{ ...PARIS, sessions: [['09:00', '24:01']] }, 'calendars.MINE.sessions[0][1] has to be a time'],
    [{ ...PARIS, sessions: [['24:00', '09:00']] }, 'calendars.MINE.sessions[0][0] cannot open at 24:00'],
    [
      {
        ...PARIS,
        sessions: [
          ['09:00', '12:00'],
          ['11:00', '17:00'],
        ],
      },
      'calendars.MINE.sessions[1] starts before the session ahead of it has ended.',
    ],
    [
      { ...PARIS, sessions: { monday: [['09:00', '24:00']], tuesday: [['20:00', '12:00']] } },
      "Calendar 'MINE': a session of 2000-01-04 starts before",
    ],
    [{ ...PARIS, sessions: [] }, "Calendar 'MINE' has no session in its range."],
    [{ ...PARIS, holidays: '2026-12-25' }, 'calendars.MINE.holidays has to be a list of dates'],
    [
      { ...PARIS, holidays: ['2026-12-25', '2026-02-30'] },
      "calendars.MINE.holidays[1] has to be a date YYYY-MM-DD in quotes; it is '2026-02-30'.",
    ],
    [
      { ...PARIS, holidays: [20261225] },
      'calendars.MINE.holidays[0] has to be a date YYYY-MM-DD in quotes; it is 20261225.',
    ],
    [{ ...PARIS, earlyCloses: ['2026-12-24'] }, 'calendars.MINE.earlyCloses has to be a mapping'],
    [{ ...PARIS, earlyCloses: { '24.12.2026': '14:05' } }, 'calendars.MINE.earlyCloses.24.12.2026 has to be a date'],
    [
      { ...PARIS, earlyCloses: { '2026-12-24': '2pm' } },
      "calendars.MINE.earlyCloses.2026-12-24 has to be a time HH:MM in quotes; it is '2pm'.",
    ],
    [{ ...PARIS, range: { from: '2026-01-01', till: '2026-12-31' } }, 'calendars.MINE.range.till is not a field'],
    [
      { ...PARIS, range: { from: '2027-01-01', to: '2026-12-31' } },
      'calendars.MINE.range starts on 2027-01-01, after its end on 2026-12-31.',
    ],
    [
      { extends: 'XNYS', range: { to: '2028-12-31' } },
      "calendars.MINE.range reaches outside that of 'XNYS', which covers 2000-01-01 to 2027-12-31.",
    ],
    [{ extends: '24x7' }, "calendars.MINE.extends: '24x7' has no hours to extend"],
    [{ extends: 'OTHER' }, 'calendars.OTHER.extends: MINE extends OTHER extends MINE goes in a circle.'],
  ])('refuses %j', (definition, fault) => {
    const message = faultOf(definition, { MINE: definition as CalendarDefinition, OTHER: { extends: 'MINE' } });
    expect(message).toMatch(/^CALENDAR_INVALID: /);
    expect(message).toContain(fault);
  });

  it('names the place of an unknown calendar to extend', () => {
    expect(faultOf({ extends: 'XNYSE' })).toBe(
      "CALENDAR_UNKNOWN: calendars.MINE.extends: There is no calendar 'XNYSE'. Did you mean 'XNYS'?",
    );
  });
});

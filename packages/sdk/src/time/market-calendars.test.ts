import { describe, expect, it } from '@jest/globals';
import { isTradingError } from '../errors.js';
import { DAY_MS } from '../model/time.js';
import { BUILT_IN_CALENDARS, calendarExpiryWarning, marketCalendar } from './market-calendars.js';
import { listSessions, sessionsOfDay } from './session-list.fixture.js';

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (isTradingError(error)) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'no error';
}

describe('sessions of well-known days', () => {
  it.each([
    // New York: a usual day, early closes, closures.
    ['XNYS', 20240102, '09:30-16:00'],
    ['XNYS', 20231124, '09:30-13:00'],
    ['XNYS', 20240703, '09:30-13:00'],
    ['XNYS', 20260703, ''],
    ['XNYS', 20261224, '09:30-13:00'],
    ['XNYS', 20020703, '09:30-16:00'],
    ['XNYS', 20020705, '09:30-13:00'],
    ['XNYS', 20031226, '09:30-13:00'],
    ['XNYS', 20010910, '09:30-16:00'],
    ['XNYS', 20010911, ''],
    ['XNYS', 20010914, ''],
    ['XNYS', 20010917, '09:30-16:00'],
    ['XNYS', 20020911, '12:00-16:00'],
    ['XNYS', 20040611, ''],
    ['XNYS', 20070102, ''],
    ['XNYS', 20121029, ''],
    ['XNYS', 20121030, ''],
    ['XNYS', 20121031, '09:30-16:00'],
    ['XNYS', 20181205, ''],
    ['XNYS', 20210618, '09:30-16:00'],
    ['XNYS', 20220620, ''],
    ['XNYS', 20220103, '09:30-16:00'],
    ['XNYS', 20211231, '09:30-16:00'],
    ['XNYS', 20250109, ''],
    ['XNYS', 20271224, ''],
    ['XNAS', 20231124, '09:30-13:00'],
    ['XNAS', 20250109, ''],
    // London: half days, moved and extra bank holidays.
    ['XLON', 20240102, '08:00-16:30'],
    ['XLON', 20231222, '08:00-12:30'],
    ['XLON', 20241224, '08:00-12:30'],
    ['XLON', 20241231, '08:00-12:30'],
    ['XLON', 20020527, '08:00-16:30'],
    ['XLON', 20020603, ''],
    ['XLON', 20020604, ''],
    ['XLON', 20110429, ''],
    ['XLON', 20120604, ''],
    ['XLON', 20120605, ''],
    ['XLON', 20200504, '08:00-16:30'],
    ['XLON', 20200508, ''],
    ['XLON', 20211227, ''],
    ['XLON', 20211228, ''],
    ['XLON', 20220602, ''],
    ['XLON', 20220919, ''],
    ['XLON', 20230508, ''],
    // Tokyo: three eras of hours, half days, golden week, Olympic moves, the outage.
    ['XTKS', 20111118, '09:00-11:00 12:30-15:00'],
    ['XTKS', 20111121, '09:00-11:30 12:30-15:00'],
    ['XTKS', 20241101, '09:00-11:30 12:30-15:00'],
    ['XTKS', 20241105, '09:00-11:30 12:30-15:30'],
    ['XTKS', 20081230, '09:00-11:00'],
    ['XTKS', 20090105, '09:00-11:00'],
    ['XTKS', 20091230, '09:00-11:00 12:30-15:00'],
    ['XTKS', 20190430, ''],
    ['XTKS', 20190506, ''],
    ['XTKS', 20190507, '09:00-11:30 12:30-15:00'],
    ['XTKS', 20191022, ''],
    ['XTKS', 20200723, ''],
    ['XTKS', 20200724, ''],
    ['XTKS', 20200720, '09:00-11:30 12:30-15:00'],
    ['XTKS', 20210809, ''],
    ['XTKS', 20201001, ''],
    ['XTKS', 20150922, ''],
    ['XTKS', 20260922, ''],
    ['XTKS', 20271231, ''],
    // Hong Kong: three eras of hours, eves, lunar holidays, storms.
    ['XHKG', 20110304, '10:00-12:30 14:30-16:00'],
    ['XHKG', 20110307, '09:30-12:00 13:30-16:00'],
    ['XHKG', 20120302, '09:30-12:00 13:30-16:00'],
    ['XHKG', 20120305, '09:30-12:00 13:00-16:00'],
    ['XHKG', 20080206, '10:00-12:30'],
    ['XHKG', 20240209, '09:30-12:00'],
    ['XHKG', 20240212, ''],
    ['XHKG', 20240213, ''],
    ['XHKG', 20240214, '09:30-12:00 13:00-16:00'],
    ['XHKG', 20000204, ''],
    ['XHKG', 20150903, ''],
    ['XHKG', 20210406, ''],
    ['XHKG', 20201013, ''],
    ['XHKG', 20230901, ''],
    ['XHKG', 20230908, ''],
    ['XHKG', 20231009, '14:00-16:00'],
    ['XHKG', 20240906, ''],
    ['XHKG', 20270205, '09:30-12:00'],
    ['XHKG', 20270210, '09:30-12:00 13:00-16:00'],
    // CME equity futures: four eras of hours, shortened holidays, closures.
    ['CMES', 20121115, '17:00-15:15 15:30-16:30'],
    ['CMES', 20121116, '17:00-15:15'],
    ['CMES', 20121119, '17:00-15:15 15:30-16:15'],
    ['CMES', 20150921, '17:00-15:15 15:30-16:00'],
    ['CMES', 20210628, '17:00-16:00'],
    ['CMES', 20121029, '17:00-08:15'],
    ['CMES', 20130704, '17:00-10:30'],
    ['CMES', 20241128, '17:00-12:00'],
    ['CMES', 20241129, '17:00-12:15'],
    ['CMES', 20150403, '17:00-08:15'],
    ['CMES', 20240329, ''],
    ['CMES', 20241225, ''],
    ['CMES', 20181205, '17:00-08:30'],
    ['CMES', 20250109, '17:00-08:30'],
    ['CMES', 20050324, '17:00-15:15'],
    // Foreign exchange: named by the day it ends on.
    ['24x5', 20240101, '17:00-17:00'],
    ['24x5', 20240106, ''],
    ['24x5', 20240107, ''],
  ])('%s %i: %s', (id, day, sessions) => {
    expect(sessionsOfDay(marketCalendar(id), day)).toBe(sessions);
  });
});

// Trading days a year, 2000 to 2027. XNYS, XLON and XTKS agree day by day with the Python package exchange_calendars 4.13.2;
// XHKG has two days less in 2023 (1 and 8 September) and CMES differs as ADR-0005 lists.
describe('trading days a year', () => {
  it.each([
    [
      'XNYS',
      [
        252, 248, 252, 252, 252, 252, 251, 251, 253, 252, 252, 252, 250, 252, 252, 252, 252, 251, 251, 252, 253, 252,
        251, 250, 252, 250, 251, 251,
      ],
    ],
    [
      'XNAS',
      [
        252, 248, 252, 252, 252, 252, 251, 251, 253, 252, 252, 252, 250, 252, 252, 252, 252, 251, 251, 252, 253, 252,
        251, 250, 252, 250, 251, 251,
      ],
    ],
    [
      'XLON',
      [
        252, 253, 252, 253, 254, 252, 252, 253, 254, 253, 253, 251, 252, 253, 253, 253, 253, 252, 253, 253, 254, 253,
        250, 251, 254, 253, 253, 253,
      ],
    ],
    [
      'XTKS',
      [
        248, 246, 246, 245, 246, 245, 248, 245, 245, 243, 245, 245, 248, 245, 244, 244, 245, 247, 245, 241, 242, 245,
        244, 246, 245, 243, 242, 244,
      ],
    ],
    [
      'XHKG',
      [
        247, 243, 247, 248, 249, 247, 247, 246, 245, 249, 249, 246, 247, 244, 247, 247, 245, 246, 246, 246, 248, 247,
        246, 243, 246, 246, 247, 248,
      ],
    ],
    [
      'CMES',
      [
        258, 254, 258, 258, 258, 258, 257, 257, 259, 258, 259, 258, 259, 258, 258, 259, 258, 257, 258, 258, 259, 259,
        258, 258, 259, 258, 259, 258,
      ],
    ],
  ])('%s', (id, expected) => {
    const calendar = marketCalendar(id);
    const days = new Set(listSessions(calendar, calendar.validFrom, calendar.validTo).map((session) => session.day));
    const counts = Array.from({ length: 28 }, () => 0);
    for (const day of days) counts[Math.floor(day / 10_000) - 2000]! += 1;
    expect(counts).toEqual(expected);
  });
});

describe('marketCalendar', () => {
  it('gives each built-in calendar, always the same object', () => {
    for (const id of BUILT_IN_CALENDARS) {
      expect(marketCalendar(id).id).toBe(id);
      expect(marketCalendar(id)).toBe(marketCalendar(id));
    }
    expect(BUILT_IN_CALENDARS).toEqual(['24x7', '24x5', 'XNYS', 'XNAS', 'XLON', 'XTKS', 'XHKG', 'CMES']);
  });

  it.each([
    ['XNSY', "'XNYS'"],
    ['xlon', "'XLON'"],
    ['NYSE', "'XNYS'"],
    ['forex', "'24x5'"],
    ['24/7', "'24x7'"],
    ['MY-DESKS', "'MY-DESK'"],
  ])('names the near miss of %s', (id, near) => {
    const message = codeOf(() => marketCalendar(id, { 'MY-DESK': { extends: 'XNYS' } }));
    expect(message).toMatch(/^CALENDAR_UNKNOWN: /);
    expect(message).toContain(`Did you mean ${near}?`);
  });

  it('lists what is known where nothing is near', () => {
    expect(codeOf(() => marketCalendar('BUENOS-AIRES'))).toContain('Known are 24x7, 24x5, XNYS');
    expect(codeOf(() => marketCalendar('constructor'))).toContain('CALENDAR_UNKNOWN');
  });
});

describe('range of the data', () => {
  it.each(BUILT_IN_CALENDARS)('%s refuses instants outside it, and NaN', (id) => {
    const calendar = marketCalendar(id);
    for (const ts of [calendar.validFrom - 1, calendar.validTo + 1, Number.NaN, Number.POSITIVE_INFINITY]) {
      for (const query of [
        () => calendar.isOpen(ts),
        () => calendar.sessionOpen(ts),
        () => calendar.sessionClose(ts),
        () => calendar.nextOpen(ts),
        () => calendar.nextClose(ts),
        () => calendar.tradingDay(ts),
        () => calendar.dayOpen(ts),
        () => calendar.dayClose(ts),
      ]) {
        expect(codeOf(query)).toMatch(/^CALENDAR_OUT_OF_RANGE: /);
      }
    }
    expect(codeOf(() => calendar.isOpen(calendar.validFrom))).toBe('no error');
    expect(codeOf(() => calendar.isOpen(calendar.validTo))).toBe('no error');
  });

  it('says so when the session asked for lies past the data', () => {
    const calendar = marketCalendar('XNYS');
    expect(calendar.isOpen(calendar.validTo)).toBe(false);
    expect(calendar.sessionOpen(calendar.validTo)).toBeNaN();
    expect(codeOf(() => calendar.nextOpen(calendar.validTo))).toContain('2000-01-01 to 2027-12-31');
    expect(codeOf(() => calendar.tradingDay(calendar.validTo))).toMatch(/^CALENDAR_OUT_OF_RANGE/);
  });

  it('covers 2000 to 2027 with the exchanges', () => {
    for (const id of ['XNYS', 'XNAS', 'XLON', 'XTKS', 'XHKG', 'CMES']) {
      const calendar = marketCalendar(id);
      expect(calendar.dataVersion).toMatch(/^\d{4}-\d{2}$/);
      expect(calendar.validFrom).toBeLessThanOrEqual(Date.UTC(2000, 0, 1, 6));
      expect(calendar.validTo).toBeGreaterThanOrEqual(Date.UTC(2027, 11, 31, 14));
    }
  });
});

describe('calendarExpiryWarning', () => {
  it.each(['XLON', 'XNYS', 'XTKS'])('of %s: in the last 90 days and after the end, not before', (id) => {
    const calendar = marketCalendar(id);
    expect(calendarExpiryWarning(calendar, calendar.validTo - 91 * DAY_MS)).toBeUndefined();
    expect(calendarExpiryWarning(calendar, calendar.validTo - 10 * DAY_MS)).toContain('end on 2027-12-31, in 10 days');
    expect(calendarExpiryWarning(calendar, calendar.validTo + 1)).toContain(
      `'${id}' (version 2026-11) ended on 2027-12-31`,
    );
    expect(calendarExpiryWarning(marketCalendar('24x7'), Date.UTC(2500, 0, 1))).toBeUndefined();
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { MarketCalendar } from '../interfaces/market-calendar.js';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../model/time.js';
import { civilDay, civilDayOf, formatCivilDay, tradingDayOf, weekdayOf } from './civil-day.js';
import { marketCalendar } from './market-calendars.js';
import { listSessions, sessionsOfDay } from './session-list.fixture.js';
import type { ListedSession } from './session-list.fixture.js';
import { wallClock } from './wall-clock.fixture.js';

const IDS = ['24x7', '24x5', 'XNYS', 'XNAS', 'XLON', 'XTKS', 'XHKG', 'CMES'];
const FROM = Date.UTC(2000, 0, 24);
const TO = Date.UTC(2027, 11, 20);

const minutes = fc.integer({ min: FROM / MINUTE_MS, max: TO / MINUTE_MS });

/** Wall clock times at which a session may open or close, by calendar. */
const OPENS: Record<string, string> = {
  '24x5': '17:00',
  XNYS: '09:30 12:00',
  XNAS: '09:30 12:00',
  XLON: '08:00',
  XTKS: '09:00 12:30',
  XHKG: '09:30 10:00 13:00 13:30 14:00 14:30',
  CMES: '15:30 17:00',
};
const CLOSES: Record<string, string> = {
  '24x5': '17:00',
  XNYS: '13:00 16:00',
  XNAS: '13:00 16:00',
  XLON: '12:30 16:30',
  XTKS: '11:00 11:30 15:00 15:30',
  XHKG: '12:00 12:30 16:00',
  CMES: '08:15 08:30 10:30 12:00 12:15 15:15 16:00 16:15 16:30',
};

describe.each(IDS)('sessions of %s', (id) => {
  const calendar = marketCalendar(id);
  const sessions = listSessions(calendar, FROM - 20 * DAY_MS, TO + 10 * DAY_MS);

  it('ascend without overlap, in trading days that do not descend', () => {
    expect(sessions.length).toBeGreaterThan(6_000);
    for (let i = 1; i < sessions.length; i += 1) {
      const [before, after] = [sessions[i - 1]!, sessions[i]!];
      if (!(before.open < before.close && before.close <= after.open && before.day <= after.day)) {
        throw new Error(`${JSON.stringify(before)} is followed by ${JSON.stringify(after)}`);
      }
    }
  });

  it('answer every query as a walk through the list does', () => {
    fc.assert(
      fc.property(minutes, fc.integer({ min: -1, max: 1 }), (minute, shift) => {
        expectSameAnswers(calendar, sessions, minute * MINUTE_MS + shift);
      }),
      { numRuns: 300 },
    );
  });

  it('answer the same at and around every boundary, in any order', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 30, max: sessions.length - 30 }),
        fc.boolean(),
        fc.integer({ min: -1, max: 1 }),
        (index, atOpen, shift) => {
          const session = sessions[index]!;
          expectSameAnswers(calendar, sessions, (atOpen ? session.open : session.close) + shift);
        },
      ),
      { numRuns: 300 },
    );
  });
});

/** The thirty sessions on either side of an instant. */
function around(all: readonly ListedSession[], ts: number): readonly ListedSession[] {
  let low = 0;
  let high = all.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (all[middle]!.open < ts) low = middle + 1;
    else high = middle;
  }
  return all.slice(Math.max(0, low - 30), low + 30);
}

/** Compares all eight queries with a linear reading of the sessions around ts. */
function expectSameAnswers(calendar: MarketCalendar, all: readonly ListedSession[], ts: number): void {
  const sessions = around(all, ts);
  const containing = sessions.find((session) => session.open <= ts && ts < session.close);
  const named = containing ?? sessions.find((session) => session.open >= ts);
  if (named === undefined) throw new Error(`no session after ${ts}`);
  const sameDay = sessions.filter((session) => session.day === named.day);
  expect({
    isOpen: calendar.isOpen(ts),
    sessionOpen: calendar.sessionOpen(ts),
    sessionClose: calendar.sessionClose(ts),
    nextOpen: calendar.nextOpen(ts),
    nextClose: calendar.nextClose(ts),
    tradingDay: calendar.tradingDay(ts),
    dayOpen: calendar.dayOpen(ts),
    dayClose: calendar.dayClose(ts),
  }).toEqual({
    isOpen: containing !== undefined,
    sessionOpen: containing?.open ?? Number.NaN,
    sessionClose: containing?.close ?? Number.NaN,
    nextOpen: sessions.find((session) => session.open >= ts)?.open,
    nextClose: sessions.find((session) => session.close > ts)?.close,
    tradingDay: named.day,
    dayOpen: sameDay[0]?.open,
    dayClose: sameDay.at(-1)?.close,
  });
}

describe.each(IDS.filter((id) => id !== '24x7'))('wall clock of %s', (id) => {
  const calendar = marketCalendar(id);
  const opens = new Set(OPENS[id]!.split(' '));
  const closes = new Set(CLOSES[id]!.split(' '));

  it('opens and closes at local times on every day, whatever summer time does', () => {
    for (const session of listSessions(calendar, FROM, TO)) {
      const open = wallClock(calendar.timeZone, session.open);
      const close = wallClock(calendar.timeZone, session.close);
      const isTrue =
        opens.has(open.slice(11)) &&
        closes.has(close.slice(11)) &&
        Number(close.slice(0, 10).replaceAll('-', '')) === session.day &&
        weekdayOf(civilDay(Number(close.slice(0, 4)), Number(close.slice(5, 7)), Number(close.slice(8, 10)))) % 6 !== 0;
      if (!isTrue) throw new Error(`${id} ${session.day}: ${open} to ${close}`);
    }
  });
});

describe('24x5', () => {
  const calendar = marketCalendar('24x5');

  it('is closed from Friday 17:00 to Sunday 17:00 New York on every weekend, summer time changes included', () => {
    for (let sunday = civilDay(2000, 1, 9); sunday < civilDay(2027, 12, 26); sunday += 7) {
      const monday = calendar.nextOpen(sunday * DAY_MS);
      expect(wallClock('America/New_York', monday)).toBe(`${formatCivilDay(sunday)}T17:00`);
      expect(calendar.tradingDay(monday)).toBe(tradingDayOf(sunday + 1));
      const friday = calendar.nextClose(monday + 4.5 * DAY_MS);
      expect(wallClock('America/New_York', friday)).toBe(`${formatCivilDay(sunday + 5)}T17:00`);
      expect(calendar.isOpen(friday)).toBe(false);
      expect(calendar.isOpen(friday - 1)).toBe(true);
    }
  });

  it('lasts 24 hours a trading day and is never interrupted within the week', () => {
    for (const session of listSessions(calendar, FROM, TO)) {
      const isFriday = weekdayOf(civilDayOf(session.day)) === 5;
      if (session.close - session.open !== DAY_MS || calendar.isOpen(session.close) === isFriday) {
        throw new Error(JSON.stringify(session));
      }
    }
  });

  it('opens an hour earlier in UTC once New York is on summer time', () => {
    expect(calendar.nextOpen(Date.UTC(2024, 2, 9))).toBe(Date.UTC(2024, 2, 10, 21));
    expect(calendar.nextOpen(Date.UTC(2024, 2, 2))).toBe(Date.UTC(2024, 2, 3, 22));
    expect(calendar.nextOpen(Date.UTC(2024, 10, 2))).toBe(Date.UTC(2024, 10, 3, 22));
  });
});

describe('24x7', () => {
  it('is open at every instant, a trading day from midnight to midnight UTC', () => {
    const calendar = marketCalendar('24x7');
    const ts = Date.UTC(2024, 1, 29, 13, 5);
    expect(calendar.isOpen(ts)).toBe(true);
    expect(calendar.tradingDay(ts)).toBe(20240229);
    expect(calendar.dayOpen(ts)).toBe(Date.UTC(2024, 1, 29));
    expect(calendar.dayClose(ts)).toBe(Date.UTC(2024, 2, 1));
    expect(calendar.nextOpen(Date.UTC(2024, 2, 1))).toBe(Date.UTC(2024, 2, 1));
  });
});

describe('days with a lunch break', () => {
  it('are two sessions of one trading day', () => {
    const tokyo = marketCalendar('XTKS');
    const lunch = Date.UTC(2024, 0, 9, 2, 45);
    expect(sessionsOfDay(tokyo, 20240109)).toBe('09:00-11:30 12:30-15:00');
    expect(tokyo.isOpen(lunch)).toBe(false);
    expect(tokyo.sessionOpen(lunch)).toBeNaN();
    expect(tokyo.tradingDay(lunch)).toBe(20240109);
    expect(tokyo.nextOpen(lunch)).toBe(Date.UTC(2024, 0, 9, 3, 30));
    expect(tokyo.dayOpen(lunch)).toBe(Date.UTC(2024, 0, 9, 0));
    expect(tokyo.dayClose(lunch)).toBe(Date.UTC(2024, 0, 9, 6));
    expect(tokyo.sessionClose(Date.UTC(2024, 0, 9, 1))).toBe(Date.UTC(2024, 0, 9, 2, 30));
  });
});

describe('Nasdaq', () => {
  it('keeps the days and hours of New York', () => {
    const of = (id: string) => listSessions(marketCalendar(id), FROM, TO);
    expect(of('XNAS')).toEqual(of('XNYS'));
  });
});

describe('summer time of two places', () => {
  it('moves New York against London by an hour, either way, in the weeks between the changes', () => {
    const apart = new Set<number>();
    const newYork = marketCalendar('XNYS');
    const london = marketCalendar('XLON');
    for (const { open } of listSessions(newYork, FROM, TO)) {
      const londonOpen = london.dayOpen(open);
      if (london.tradingDay(londonOpen) === newYork.tradingDay(open) && london.isOpen(londonOpen)) {
        apart.add((open - londonOpen) / HOUR_MS);
      }
    }
    expect([...apart].toSorted((a, b) => a - b)).toEqual([5.5, 6.5, 7.5]);
  });
});

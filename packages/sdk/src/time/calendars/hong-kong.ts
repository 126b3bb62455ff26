// Stock Exchange of Hong Kong (HKEX), 2000 to 2027.
//
// Rules after the General Holidays Ordinance (Cap. 149). Lunar dates from the Chinese calendar of ICU 78, with 2027 corrected: its new
// moon falls four minutes before midnight. Seen 2026-11: the hours of 2011 and 2012 (a market blog of 2010-12-09); HKEX releases of
// 2008-06-25 and 2023-10-09 (mondovisione.com), BBC 2021-06-28 (business-57633696), SCMP 2023-09-08 (article 3233800), forexlive.com
// 2021-10-13, 2023-07-17, 2023-08-31 and 2024-09-06 for weather; trading through storms since 2024-09-23 (HKEX, 2024-09-16).
// Days compared 2026-11 with the Python packages exchange_calendars 4.13.2 and pandas_market_calendars 5.5.0; see ADR-0005.
// Whole days lost to weather are listed. Of mornings or afternoons lost, only those confirmed above are, so a storm before 2024-09-23
// may have shortened a day that is shown in full. The rule that the three eves have a morning only is used back to 2000.
import { DATA_VERSION, FIRST_YEAR, LAST_YEAR, minutes, mondayToFriday, noExceptions } from '../calendar-rules.js';
import type { CalendarRules, DayExceptions, DaySession } from '../calendar-rules.js';
import { SUNDAY, civilDay, civilDayOf, weekdayOf } from '../civil-day.js';
import type { CivilDay } from '../civil-day.js';
import { addDays, easter, nextFreeDay } from '../holiday-rules.js';

// Month and day of: Lunar New Year, the Birthday of the Buddha, Tuen Ng, the day after Mid-Autumn, Chung Yeung.
const LUNAR: readonly (readonly [year: number, ...dates: readonly [number, number, number, number, number]])[] = [
  [2000, 205, 511, 606, 913, 1006],
  [2001, 124, 430, 625, 1002, 1025],
  [2002, 212, 519, 615, 922, 1014],
  [2003, 201, 508, 604, 912, 1004],
  [2004, 122, 526, 622, 929, 1022],
  [2005, 209, 515, 611, 919, 1011],
  [2006, 129, 505, 531, 1007, 1030],
  [2007, 218, 524, 619, 926, 1019],
  [2008, 207, 512, 608, 915, 1007],
  [2009, 126, 502, 528, 1004, 1026],
  [2010, 214, 521, 616, 923, 1016],
  [2011, 203, 510, 606, 913, 1005],
  [2012, 123, 428, 623, 1001, 1023],
  [2013, 210, 517, 612, 920, 1013],
  [2014, 131, 506, 602, 909, 1002],
  [2015, 219, 525, 620, 928, 1021],
  [2016, 208, 514, 609, 916, 1009],
  [2017, 128, 503, 530, 1005, 1028],
  [2018, 216, 522, 618, 925, 1017],
  [2019, 205, 512, 607, 914, 1007],
  [2020, 125, 430, 625, 1002, 1025],
  [2021, 212, 519, 614, 922, 1014],
  [2022, 201, 508, 603, 911, 1004],
  [2023, 122, 526, 622, 930, 1023],
  [2024, 210, 515, 610, 918, 1011],
  [2025, 129, 505, 531, 1007, 1029],
  [2026, 217, 524, 619, 926, 1018],
  [2027, 206, 513, 609, 916, 1008],
];

// The law changed how a Sunday is made up for in the two lunar festivals.
const SUBSTITUTES_FOLLOW_SINCE = 2012;

// Seventieth anniversary of the victory in the war of resistance.
const SPECIAL_HOLIDAYS = [20150903];

// Typhoons Utor, Yutu, Kammuri, Nuri, Nesat, Utor, Nida, Haima, Hato, Nangka, Kompasu, Talim, Saola, a black rainstorm, Yagi.
const WEATHER_CLOSURES = [
  20010706, 20010725, 20080806, 20080822, 20110929, 20130814, 20160802, 20161021, 20170823, 20201013, 20211013,
  20230717, 20230901, 20230908, 20240906,
];

// Afternoons that followed a morning lost to weather.
const WEATHER_SESSIONS: readonly (readonly [day: number, session: DaySession])[] = [
  [20080625, { open: minutes(14, 30), close: minutes(16) }],
  [20210628, { open: minutes(13, 30), close: minutes(16) }],
  [20231009, { open: minutes(14), close: minutes(16) }],
];

const EARLIER_OPENING = civilDayOf(20110307);

/** Ching Ming, a solar term: the fourth or fifth of April in the 21st century. */
function chingMing(year: number): CivilDay {
  const inCentury = year % 100;
  return civilDay(year, 4, Math.floor(inCentury * 0.2422 + 4.81) - Math.floor(inCentury / 4));
}

const isSunday = (day: CivilDay) => weekdayOf(day) === SUNDAY;

/** General holidays of a year as proclaimed, before Sundays and coincidences are made up for. */
function proclaimed(lunar: (typeof LUNAR)[number]): CivilDay[] {
  const [year, newYear, buddha, tuenNg, afterMidAutumn, chungYeung] = lunar;
  const date = (monthDay: number) => civilDay(year, Math.floor(monthDay / 100), monthDay % 100);
  const days = [
    civilDay(year, 1, 1),
    chingMing(year),
    easter(-2)(year)!,
    easter(-1)(year)!,
    easter(1)(year)!,
    civilDay(year, 5, 1),
    date(buddha),
    date(tuenNg),
    civilDay(year, 7, 1),
    civilDay(year, 10, 1),
    date(chungYeung),
    civilDay(year, 12, 25),
    civilDay(year, 12, 26),
  ];
  const lunarNewYear = [date(newYear), date(newYear) + 1, date(newYear) + 2];
  const autumn = date(afterMidAutumn);
  if (year >= SUBSTITUTES_FOLLOW_SINCE) return [...days, ...lunarNewYear, autumn];
  // Until 2011 the day ahead of the festival was kept instead.
  const newYearDays = lunarNewYear.some(isSunday)
    ? [date(newYear) - 1, ...lunarNewYear.filter((day) => !isSunday(day))]
    : lunarNewYear;
  return [...days, ...newYearDays, isSunday(autumn) ? autumn - 1 : autumn];
}

/** Adds the holidays of a year; one that falls on a Sunday or on another holiday is kept on the next free day. */
function addHolidays(closed: Set<CivilDay>, lunar: (typeof LUNAR)[number]): void {
  const moved: CivilDay[] = [];
  for (const day of proclaimed(lunar)) {
    if (isSunday(day) || closed.has(day)) moved.push(day);
    else closed.add(day);
  }
  for (const day of moved.toSorted((a, b) => a - b)) {
    closed.add(nextFreeDay(day, (candidate) => isSunday(candidate) || closed.has(candidate)));
  }
}

function exceptions(): DayExceptions {
  const result = noExceptions();
  for (const lunar of LUNAR) {
    addHolidays(result.closed, lunar);
    const [year, newYear] = lunar;
    const lunarEve = civilDay(year, Math.floor(newYear / 100), newYear % 100) - 1;
    // The eves have a morning only.
    for (const eve of [lunarEve, civilDay(year, 12, 24), civilDay(year, 12, 31)]) {
      result.earlyCloses.set(eve, eve < EARLIER_OPENING ? minutes(12, 30) : minutes(12));
    }
  }
  addDays(result.closed, SPECIAL_HOLIDAYS);
  addDays(result.closed, WEATHER_CLOSURES);
  for (const [day, session] of WEATHER_SESSIONS) result.sessions.set(civilDayOf(day), [session]);
  return result;
}

function sessions(morning: DaySession, afternoonOpen: number) {
  return mondayToFriday([morning, { open: afternoonOpen, close: minutes(16) }]);
}

/** Stock Exchange of Hong Kong. */
export function xhkgRules(): CalendarRules {
  const from = civilDay(FIRST_YEAR, 1, 1);
  const lateMorning = { open: minutes(10), close: minutes(12, 30) };
  const morning = { open: minutes(9, 30), close: minutes(12) };
  return {
    id: 'XHKG',
    timeZone: 'Asia/Hong_Kong',
    dataVersion: DATA_VERSION,
    from,
    to: civilDay(LAST_YEAR, 12, 31),
    hours: [
      { since: from, weekdays: sessions(lateMorning, minutes(14, 30)) },
      { since: EARLIER_OPENING, weekdays: sessions(morning, minutes(13, 30)) },
      { since: civilDayOf(20120305), weekdays: sessions(morning, minutes(13)) },
    ],
    exceptions,
  };
}

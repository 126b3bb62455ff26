import type { MarketCalendar } from '@bookrunner/sdk';
import { nearMiss } from '../../config/near-miss.js';
import { EpochReader } from './epoch-reader.js';
import type { EpochUnit } from './epoch-reader.js';
import { IsoReader } from './iso-reader.js';
import { isDatePattern, patternFault, PatternReader } from './pattern-reader.js';
import type { TimeReader } from './time-reader.js';
import { TradingDayReader } from './trading-day-reader.js';
import { ZoneClock } from './zone-clock.js';

/** Names of the built-in formats; any other text is a pattern. */
export const TIME_FORMATS = ['epoch-s', 'epoch-ms', 'epoch-us', 'epoch-ns', 'iso', 'date'] as const;

/** How a file writes its times: a built-in format or a pattern such as `YYYYMMDD HHmmss`. */
export interface TimeFormat {
  readonly time: string;
  /** IANA zone of times without an offset; absent means UTC for patterns, and "no time" for `iso`. */
  readonly timeZone?: string | undefined;
  /** Byte between date and time where they are two columns of a file. */
  readonly separator?: number | undefined;
}

/** What is wrong with a time format, and which one was probably meant; undefined when it can be used. */
export function timeFormatFault(time: string): string | undefined {
  const fault = isBuiltIn(time) ? undefined : patternFault(time);
  if (fault === undefined) return undefined;
  const near = TIME_FORMATS.find((format) => plain(format) === plain(time)) ?? nearMiss(time, TIME_FORMATS);
  if (near !== undefined) return `did you mean '${near}'?`;
  return `it is none of ${TIME_FORMATS.join(', ')}, and as a pattern ${fault}`;
}

/** `epochms` is one letter from `epoch-s`, too, and means `epoch-ms`. */
function plain(format: string): string {
  return format.toLowerCase().replaceAll(/[\s_-]/g, '');
}

/** Whether the format names trading days and no time of day. */
export function namesDays(time: string): boolean {
  return time === 'date' || (!isBuiltIn(time) && isDatePattern(time));
}

/** The reader of a format that {@link timeFormatFault} found usable. Formats that name days need the calendar. */
export function createTimeReader(format: TimeFormat, calendar: MarketCalendar | undefined): TimeReader {
  const { time, timeZone, separator } = format;
  const zone = timeZone === undefined || timeZone === 'UTC' ? undefined : new ZoneClock(timeZone);
  if (isEpochUnit(time)) return new EpochReader(time);
  // Without any zone, ISO text without an offset is no time; with UTC named, it is one.
  if (time === 'iso') return new IsoReader(timeZone === 'UTC' ? new ZoneClock('UTC') : zone, separator);
  const pattern = time === 'date' ? 'YYYY-MM-DD' : time;
  if (calendar !== undefined && namesDays(time)) return new TradingDayReader(calendar, pattern);
  return new PatternReader(pattern, zone, separator);
}

function isEpochUnit(time: string): time is EpochUnit {
  return time.startsWith('epoch-');
}

function isBuiltIn(time: string): boolean {
  return (TIME_FORMATS as readonly string[]).includes(time);
}

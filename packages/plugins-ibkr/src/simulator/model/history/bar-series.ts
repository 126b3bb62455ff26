import { DAY_MS, SECOND_MS } from '@bookrunner/sdk';
import type { EpochMs } from '@bookrunner/sdk';
import type { WireBar } from '../../wire/messages.js';
import type { TradingSession } from '../instruments/trading-hours.js';
import type { Market } from '../market/market.js';
import { dayText, instantText, offsetAt } from '../wall-clock.js';
import { aggregate } from './bar-aggregate.js';
import type { BarPrices, TimeRange } from './bar-aggregate.js';
import { calendarStart } from './bar-size.js';
import type { BarSize, HistoryDuration } from './bar-size.js';

/** What bars are asked for. */
export interface BarQuery {
  readonly size: BarSize;
  readonly prices: BarPrices;
  readonly duration: HistoryDuration;
  /** Bars hold what lies before this instant. */
  readonly end: EpochMs;
  readonly useRth: boolean;
  /** 1 text, 2 epoch seconds; whole days are text in either. */
  readonly formatDate: number;
  /** In which texts are. */
  readonly timeZone: string;
}

/** What a bar covers: the trading in it, without what lies between two sessions. */
interface BarSpan {
  readonly ranges: readonly TimeRange[];
  /** Trading day it starts on. */
  readonly day: string;
}

/** Before this instant no market has history. */
export const HISTORY_BEGIN: EpochMs = Date.UTC(2004, 0, 23, 14, 30);

/** Start of the oldest bar of a query. */
export function startOf(market: Market, query: BarQuery): EpochMs {
  const { duration, end } = query;
  if (duration.unit === 'D') return firstOfDays(sessionsBack(market, query), duration.count) ?? end;
  if (duration.unit === 'S') return secondsBefore(end, duration.count, sessionsBack(market, query));
  return Math.max(HISTORY_BEGIN, calendarStart(end, duration));
}

/** Open of the first of the last so many trading days. */
function firstOfDays(sessions: readonly TradingSession[], count: number): EpochMs | undefined {
  const days = [...new Set(sessions.map(({ day }) => day))];
  const first = days.at(-count) ?? days[0];
  return sessions.find(({ day }) => day === first)?.open;
}

/** So many seconds of trading before an instant. */
function secondsBefore(end: EpochMs, seconds: number, sessions: readonly TradingSession[]): EpochMs {
  let left = seconds * SECOND_MS;
  for (const { open, close } of sessions.toReversed()) {
    const last = Math.min(close, end);
    if (last - open >= left) return last - left;
    left -= last - open;
  }
  return sessions[0]?.open ?? end;
}

/** About how many bars a query asks for. */
export function barCount(market: Market, query: BarQuery): number {
  const { size, end, useRth } = query;
  const ms = size.kind === 'intraday' ? size.ms : DAY_MS;
  const sessions = market.hours.sessions(startOf(market, query), end, useRth);
  return sessions.reduce((sum, { open, close }) => sum + Math.ceil((Math.min(close, end) - open) / ms), 0);
}

/** Spans of the bars that a query asks for, oldest first. */
function spansOf(market: Market, query: BarQuery): readonly BarSpan[] {
  const from = startOf(market, query);
  const sessions = market.hours
    .sessions(from, query.end, query.useRth)
    .map((session) => ({ ...session, close: Math.min(session.close, query.end) }));
  const { size } = query;
  if (size.kind === 'intraday') {
    const zone = market.instrument.timeZone;
    return sessions
      .flatMap((session) => cut(session, { ms: size.ms, zone }))
      .filter(({ ranges }) => ranges[0]!.to > from);
  }
  return joined(sessions, size.kind);
}

/** The bars of a query. Those in which nothing happened are left out. */
export function barsOf(market: Market, query: BarQuery): readonly WireBar[] {
  return spansOf(market, query).flatMap((span) => {
    const values = aggregate(market.record, span.ranges, query.prices);
    return values === undefined ? [] : [{ date: dateOf(span, query), ...values }];
  });
}

/** The bar that an instant belongs to, as far as it has come; undefined while the market is closed. */
export function currentBar(market: Market, query: Omit<BarQuery, 'duration'>): WireBar | undefined {
  const duration: HistoryDuration = query.size.kind === 'intraday' ? { count: 1, unit: 'D' } : { count: 1, unit: 'M' };
  const span = spansOf(market, { ...query, duration }).at(-1);
  const values = span === undefined ? undefined : aggregate(market.record, span.ranges, query.prices);
  return span === undefined || values === undefined ? undefined : { date: dateOf(span, query), ...values };
}

function dateOf({ ranges, day }: BarSpan, { size, formatDate, timeZone }: Omit<BarQuery, 'duration'>): string {
  if (size.kind !== 'intraday') return day;
  const { from } = ranges[0]!;
  return formatDate === 2 ? String(Math.floor(from / 1000)) : instantText(from, timeZone);
}

/** A session cut at whole multiples of the bar size on the exchange's clock: the first bar may be shorter. */
function cut(
  { open, close, day }: TradingSession,
  { ms, zone }: { readonly ms: number; readonly zone: string },
): readonly BarSpan[] {
  const offset = offsetAt(open, zone);
  const spans: BarSpan[] = [];
  for (let from = open; from < close;) {
    const to = Math.min(close, (Math.floor((from + offset) / ms) + 1) * ms - offset);
    spans.push({ ranges: [{ from, to }], day });
    from = to;
  }
  return spans;
}

/** Sessions of one day, week or month as one span. */
function joined(sessions: readonly TradingSession[], kind: 'day' | 'week' | 'month'): readonly BarSpan[] {
  const spans = new Map<string, { readonly ranges: TimeRange[]; readonly day: string }>();
  for (const { open, close, day } of sessions) {
    const key = keyOf(day, kind);
    const range = { from: open, to: close };
    const known = spans.get(key);
    if (known === undefined) spans.set(key, { ranges: [range], day });
    else known.ranges.push(range);
  }
  return [...spans.values()];
}

function keyOf(day: string, kind: 'day' | 'week' | 'month'): string {
  if (kind !== 'week') return kind === 'day' ? day : day.slice(0, 6);
  const ts = Date.UTC(Number(day.slice(0, 4)), Number(day.slice(4, 6)) - 1, Number(day.slice(6)));
  const monday = ts - ((new Date(ts).getUTCDay() + 6) % 7) * DAY_MS;
  return dayText(monday, 'UTC');
}

/** Sessions before the end that hold enough of them for the duration: holidays make them fewer than days. */
function sessionsBack(market: Market, { duration, end, useRth }: BarQuery): readonly TradingSession[] {
  const days = duration.unit === 'D' ? duration.count * 2 + 12 : Math.ceil(duration.count / 3600) + 12;
  return market.hours.sessions(Math.max(HISTORY_BEGIN, end - days * DAY_MS), end, useRth);
}

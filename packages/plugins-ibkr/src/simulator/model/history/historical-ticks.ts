import { DAY_MS, MINUTE_MS, SECOND_MS } from '@bookrunner/sdk';
import type { EpochMs } from '@bookrunner/sdk';
import type { ServerMessage } from '../../wire/messages.js';
import type { Market } from '../market/market.js';
import type { MarketTick } from '../market/price-walk.js';

/** Which ticks are asked for; exactly one of `start` and `end` is a number, the other NaN. */
export interface TickQuery {
  readonly start: EpochMs;
  readonly end: EpochMs;
  readonly count: number;
  readonly kind: TickKind;
  readonly useRth: boolean;
}

/** What a tick tells. */
export type TickKind = 'TRADES' | 'BID_ASK' | 'MIDPOINT';

/** How far a search goes through markets in which little happens. */
const SEARCH_DAYS = 7;

/** Ticks in order of time; the second in which the count is reached is told whole, so there may be more. */
export function ticksOf(market: Market, query: TickQuery, now: EpochMs): readonly MarketTick[] {
  const isForward = !Number.isNaN(query.start);
  const range = isForward
    ? { from: query.start, to: Math.min(now + 1, query.start + SEARCH_DAYS * DAY_MS) }
    : { from: query.end - SEARCH_DAYS * DAY_MS, to: Math.min(now + 1, query.end) };
  const found: MarketTick[] = [];
  const sessions = market.hours.sessions(range.from, range.to, query.useRth);
  const minutes = sessions.flatMap(({ open, close }) =>
    minutesOf(Math.max(open, range.from), Math.min(close, range.to)),
  );
  for (const [from, to] of isForward ? minutes : minutes.toReversed()) {
    const ticks = market.record.ticks(from, to).filter((tick) => concerns(tick, query.kind));
    if (isForward) found.push(...ticks);
    else found.unshift(...ticks);
    if (found.length >= query.count) break;
  }
  return wholeSeconds(found, query.count, isForward);
}

/** The message that tells ticks. */
export function ticksMessage(
  requestId: number,
  { instrument }: Market,
  { kind, ticks }: { readonly kind: TickKind; readonly ticks: readonly MarketTick[] },
): ServerMessage {
  const at = ({ ts }: MarketTick): number => Math.floor(ts / SECOND_MS);
  const done = true;
  if (kind === 'MIDPOINT') {
    const mid = ticks.map((tick) => ({ epochSeconds: at(tick), price: (tick.bid + tick.ask) / 2, size: 0 }));
    return { kind: 'historicalTicks', requestId, ticks: mid, done };
  }
  if (kind === 'BID_ASK') {
    const quotes = ticks.map((tick) => {
      const { bid, ask, bidSize, askSize } = tick;
      return { epochSeconds: at(tick), mask: 0, bid, ask, bidSize, askSize };
    });
    return { kind: 'historicalTicksBidAsk', requestId, ticks: quotes, done };
  }
  const exchange = instrument.primaryExchange ?? instrument.exchanges[0]!;
  const trades = ticks.map((tick) => {
    return { epochSeconds: at(tick), mask: 0, price: tick.last, size: tick.lastSize, exchange, specialConditions: '' };
  });
  return { kind: 'historicalTicksLast', requestId, ticks: trades, done };
}

/** Whether a tick says something of the kind. */
export function concerns(tick: MarketTick, kind: TickKind): boolean {
  return kind === 'TRADES' ? tick.lastSize > 0 : tick.bid !== -1 && tick.ask !== -1;
}

function minutesOf(from: EpochMs, to: EpochMs): readonly (readonly [EpochMs, EpochMs])[] {
  const minutes: [EpochMs, EpochMs][] = [];
  for (let start = from; start < to;) {
    const end = Math.min(to, (Math.floor(start / MINUTE_MS) + 1) * MINUTE_MS);
    minutes.push([start, end]);
    start = end;
  }
  return minutes;
}

function wholeSeconds(ticks: readonly MarketTick[], count: number, isForward: boolean): readonly MarketTick[] {
  if (ticks.length <= count) return ticks;
  const second = (tick: MarketTick): number => Math.floor(tick.ts / SECOND_MS);
  const edge = second(ticks.at(isForward ? count - 1 : -count)!);
  return ticks.filter((tick) => (isForward ? second(tick) <= edge : second(tick) >= edge));
}

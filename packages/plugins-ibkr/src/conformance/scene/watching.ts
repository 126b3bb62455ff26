// Events of a market, and what a feed made of them.
import type { RecordingFeedSink, SourceEvent } from '@bookrunner/sdk/testing';
import type { Scene } from './scene.js';

/** 11:00 in New York: history of stocks keeps to regular hours. */
export const DURING_HOURS = { startTs: Date.UTC(2014, 4, 5, 15, 0, 0) } as const;

/** Ids of messages of TWS, as the transcript has them. */
export const MESSAGE = {
  requestMarketData: '1',
  cancelMarketData: '2',
  placeOrder: '3',
  cancelOrder: '4',
  requestOpenOrders: '5',
  requestExecutions: '7',
  requestHistory: '20',
  requestRealTimeBars: '50',
  startApi: '71',
  requestTickByTick: '97',
  cancelTickByTick: '98',
} as const;

/** A bid, an ask a cent above, and a trade at the bid. */
export function eventAt(bid: number): SourceEvent {
  return { bid, ask: Math.round((bid + 0.01) * 100) / 100, last: bid };
}

/** An event of a market, a little later than the one before. */
export function publish(scene: Scene, symbol: string, { bid, ask, last }: SourceEvent): void {
  scene.clock.advance(10);
  const quoted = (price: number): number => (Number.isNaN(price) ? -1 : price);
  scene.model.quote(symbol, { bid: quoted(bid), ask: quoted(ask), bidSize: 300, askSize: 400 });
  if (!Number.isNaN(last)) scene.model.trade(symbol, last, 100);
}

/** Bids of the quotes that were delivered. */
export function bidsOf(sink: RecordingFeedSink, symbol?: string): readonly number[] {
  return sink.rows
    .filter((row) => Number.isNaN(row.last) && (symbol === undefined || row.symbol === symbol))
    .map(({ bid }) => bid);
}

/** Symbol (`*` for the feed), state and reason of each status. */
export function statesOf(sink: RecordingFeedSink, from = 0): readonly string[] {
  return sink.statuses
    .slice(from)
    .map(({ symbol, state, reason }) => [symbol ?? '*', state, reason].filter((text) => text !== '').join(' '));
}

/** Requests for data of a symbol so far. */
export function requestsFor(scene: Scene, symbol: string): number {
  return scene.sent(MESSAGE.requestMarketData, symbol).length;
}

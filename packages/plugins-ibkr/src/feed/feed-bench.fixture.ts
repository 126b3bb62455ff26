// A feed on a fake gateway that knows some contracts.
import { type Clock, defineInstrument, marketCalendar, type PluginContext, SILENT_LOGGER } from '@bookrunner/sdk';
import { FakeClock, RecordingFeedSink } from '@bookrunner/sdk/testing';
import type { IBApi } from '@stoqey/ib';
import { knowsContracts } from '../contracts/details.fixture.js';
import { FakeGateway } from '../contracts/fake-gateway.fixture.js';
import { TWS_EVENT } from '../contracts/tws-names.js';
import { ibkrFeedOptions, type IbkrFeedOptions } from './feed-options.js';
import { IbkrFeed } from './ibkr-feed.js';

export const APPLE = defineInstrument({ symbol: 'AAPL', assetClass: 'equity', quote: 'USD', calendar: 'XNAS' });
export const EURO = defineInstrument({
  ...{ symbol: 'EURUSD', assetClass: 'fx', base: 'EUR', quote: 'USD', priceStep: 0.00005, lotStep: 1_000 },
  calendar: '24x5',
});
export const MINI = defineInstrument({
  ...{ symbol: 'ES', assetClass: 'future', quote: 'USD', priceStep: 0.25, calendar: 'CMES' },
  venues: { ib: { exchange: 'CME', expiry: '202609' } },
});

/** What a plugin gets from the engine. */
export function feedContext(options: Partial<IbkrFeedOptions>, clock: Clock): PluginContext<IbkrFeedOptions> {
  return {
    ...{ name: 'ib', clock, logger: SILENT_LOGGER, configDir: '.', dataDir: '.', instruments: new Map() },
    options: ibkrFeedOptions.parse(options),
    calendar: (id) => marketCalendar(id),
  };
}

export interface FeedBench {
  readonly gateway: FakeGateway;
  readonly clock: FakeClock;
  readonly feed: IbkrFeed;
  readonly sink: RecordingFeedSink;
  /** Id of the last request of a kind for a symbol at IB. */
  id(name: keyof IBApi, symbol?: string): number;
  /** A whole quote of the last market-data request. */
  quote(bid: number, ask: number, symbol?: string): void;
}

export async function feedBench(options: Partial<IbkrFeedOptions> = {}, open = true): Promise<FeedBench> {
  const gateway = new FakeGateway();
  knowsContracts(gateway);
  const clock = new FakeClock();
  const feed = new IbkrFeed(feedContext(options, clock), gateway);
  const sink = new RecordingFeedSink();
  if (open) await feed.open();
  const id = (name: keyof IBApi, symbol?: string): number => {
    const call = gateway.of(name).findLast(({ args }) => symbol === undefined || args[1].symbol === symbol);
    return call?.args[0] ?? 0;
  };
  const quote = (bid: number, ask: number, symbol?: string): void => {
    const book = id('reqMktData', symbol);
    // As the library tells it: the size of the ask with its price and again by itself, that of the bid by itself.
    gateway.emit(TWS_EVENT.tickPrice, book, 1, bid, true);
    gateway.emit(TWS_EVENT.tickSize, book, 0, 3);
    gateway.emit(TWS_EVENT.tickPrice, book, 2, ask, true);
    gateway.emit(TWS_EVENT.tickSize, book, 3, 4);
    gateway.emit(TWS_EVENT.tickSize, book, 3, 4);
  };
  return { gateway, clock, feed, sink, id, quote };
}

/** Symbol and state of each status, with its reason. */
export function statesOf(sink: RecordingFeedSink, from = 0): readonly string[] {
  return sink.statuses
    .slice(from)
    .map(({ symbol, state, reason }) => [symbol ?? '*', state, reason].filter((text) => text !== '').join(' '));
}
/** Bid and ask of each quote. */
export function quotesOf(sink: RecordingFeedSink): readonly (readonly number[])[] {
  return sink.rows.filter((row) => Number.isNaN(row.last)).map(({ bid, ask }) => [bid, ask]);
}

/** Prices of trades. */
export function tradesOf(sink: RecordingFeedSink): readonly number[] {
  return sink.rows.filter((row) => !Number.isNaN(row.last)).map(({ last }) => last);
}

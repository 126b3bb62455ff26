import { describe, it, jest } from '@jest/globals';
import type { Instrument } from '@bookrunner/sdk';
import { anInstrument, describeContract, feedContract } from '@bookrunner/sdk/testing';
import type { ContractSuite, FeedFaultHook, FeedFixture, SourceEvent } from '@bookrunner/sdk/testing';
import type { SimulatorOptions } from '../simulator/model/simulator-options.js';
import { ibkrFeedOptions, type IbkrFeedOptions } from './feed-options.js';
import { IBKR_FEED_CAPABILITIES, IbkrFeed } from './ibkr-feed.js';
import { AAPL, clocked, MSFT, SimulatorBench } from './simulator-feed.fixture.js';

// Sockets, on machines with other work.
jest.setTimeout(120_000);

const INSTRUMENTS: readonly [Instrument, Instrument] = [AAPL, MSFT];
const MINUTE_MS = 60_000;
/** Tick types, message ids of TWS. */
const [TICK_PRICE, REQUEST_BOOK, REQUEST_TICKS, TICK_BY_TICK] = ['1', '1', '97', '99'];

async function fixture(options: Partial<IbkrFeedOptions>, simulator: SimulatorOptions): Promise<FeedFixture> {
  const bench = await SimulatorBench.start({
    ...{ simulator: { tickByTickLimit: 10, ...simulator } },
    options: (connection) => ibkrFeedOptions.parse({ ...connection, ...options }),
    make: (context, gateway) => new IbkrFeed(context, gateway),
  });
  const { sim, clock, model } = bench;
  const begin = clock.nowUtc();
  const isTickByTick = options.quotes === 'tick-by-tick';
  for (const { symbol } of INSTRUMENTS) model.quote(symbol, { bid: -1, ask: -1 });
  /** A quote and a trade by another clock than the gateway's. */
  const publishAt = (symbol: string, { bid, ask, last }: SourceEvent, ts: number): void => {
    const [quotes, trades] = tickByTickIds(bench, symbol);
    const seconds = String(ts / 1_000);
    sim.faults.sendRaw([TICK_BY_TICK, quotes, '3', seconds, String(bid), String(ask), '300', '400', '0']);
    sim.faults.sendRaw([TICK_BY_TICK, trades, '1', seconds, String(last), '100', '0', 'ARCA', '']);
  };
  const history = { instrument: AAPL, from: begin - 30 * MINUTE_MS, to: begin };
  return {
    feed: clocked(bench),
    instruments: INSTRUMENTS,
    unknown: anInstrument({ symbol: 'NO-SUCH' }),
    source: {
      publish: (symbol, event) => bench.publish(symbol, event),
      malformed: (symbol) => {
        if (isTickByTick) {
          const [quotes] = tickByTickIds(bench, symbol);
          sim.faults.sendRaw([TICK_BY_TICK, quotes, '3', '1399291200', 'x', 'y', '1', '1', '0']);
        } else {
          sim.faults.sendRaw([TICK_PRICE, '6', bench.requestId(REQUEST_BOOK, symbol), '1', 'x', '1', '1']);
        }
      },
      disconnect: () => sim.faults.cut(),
      reconnect: () => bench.until(() => bench.gateway.state === 'up', 1_000),
    },
    faults: {
      cut: () => {
        sim.faults.set({ kind: 'refuse-client-id', times: 'all' });
        sim.faults.cut();
        return async () => {
          sim.faults.clear();
          for (let round = 0; round < 20; round += 1) {
            clock.advance(10_000);
            await bench.settle(1);
          }
        };
      },
      fallSilent: () => clock.advance(90_000),
      publishTorn: (symbol) => {
        const id = isTickByTick ? tickByTickIds(bench, symbol)[0] : bench.requestId(REQUEST_BOOK, symbol);
        sim.faults.sendRaw(isTickByTick ? [TICK_BY_TICK, id, '3', '1399291200', '101'] : [TICK_PRICE, '6', id, '1']);
      },
      publishAt: (symbol, event, offsetMs) => {
        const ts = Math.floor((clock.nowUtc() + offsetMs) / 1_000) * 1_000;
        publishAt(symbol, event, ts);
        return ts;
      },
      publishTwice: (symbol, event) => {
        const ts = Math.floor(clock.nowUtc() / 1_000) * 1_000;
        publishAt(symbol, event, ts);
        clock.advance(1_000);
        publishAt(symbol, event, ts);
        return ts;
      },
    },
    history: {
      bars: { ...history, bars: { use: 'time', options: { seconds: 60, price: 'last' } } },
      ticks: { ...history, from: begin - 40_000 },
    },
    settle: () => bench.settle(),
    dispose: () => bench.close(),
  };
}

/** Ids of the tick-by-tick requests for quotes and trades. */
function tickByTickIds(bench: SimulatorBench, symbol: string): readonly [string, string] {
  const ids = bench.sim.transcript.entries
    .filter(({ direction, fields }) => direction === 'in' && fields[0] === REQUEST_TICKS && fields.includes(symbol))
    .map(({ fields }) => [fields[1] ?? '', fields[14] ?? ''] as const);
  const last = (kind: string): string => ids.findLast(([, of]) => of === kind)?.[0] ?? '0';
  return [last('BidAsk'), last('Last')];
}

function suite(
  options: Partial<IbkrFeedOptions>,
  faults: readonly FeedFaultHook[],
  simulator: SimulatorOptions = {},
): ContractSuite {
  const create = (): Promise<FeedFixture> => fixture(options, simulator);
  return feedContract({ capabilities: IBKR_FEED_CAPABILITIES, create, faults });
}

const runner = { describe, it };
// Quotes of the top of book have no time of their own: what comes by a wrong clock is for tick-by-tick data.
const ANY: readonly FeedFaultHook[] = ['cut', 'fallSilent', 'publishTorn'];

describeContract('IbkrFeed, top of book', suite({}, ANY), runner);
describeContract('IbkrFeed, last prices', suite({ trades: 'last' }, ANY), runner);
describeContract(
  'IbkrFeed, delayed data under strict pacing',
  suite({ marketData: 'delayed' }, ANY, { dataPermission: 'delayed', historyPacing: 'all' }),
  runner,
);
describeContract(
  'IbkrFeed, tick by tick',
  suite({ quotes: 'tick-by-tick', trades: 'tick-by-tick' }, [...ANY, 'publishAt', 'publishTwice']),
  runner,
);

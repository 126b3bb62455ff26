import { describe, it, jest } from '@jest/globals';
import type { Instrument } from '@bookrunner/sdk';
import { anInstrument, describeContract, feedContract } from '@bookrunner/sdk/testing';
import type { FeedFixture } from '@bookrunner/sdk/testing';
import { AAPL, clocked, MSFT, SimulatorBench } from '../simulator-feed.fixture.js';
import { ibkrBarFeedOptions } from './bar-feed-options.js';
import { IBKR_BAR_FEED_CAPABILITIES, IbkrBarFeed } from './ibkr-bar-feed.js';

// Sockets, on machines with other work.
jest.setTimeout(30_000);

const INSTRUMENTS: readonly [Instrument, Instrument] = [AAPL, MSFT];
const BAR_MS = 5_000;
/** Message ids of TWS. */
const [REAL_TIME_BAR, REQUEST_BARS] = ['50', '50'];
/** The gateway makes a bar every five seconds, whether anything happened or not: here they come by hand. */
const BY_HAND = { kind: 'drop-message', on: 'realTimeBar', times: 'all' } as const;

async function fixture(): Promise<FeedFixture> {
  const bench = await SimulatorBench.start({
    options: (connection) => ibkrBarFeedOptions.parse(connection),
    make: (context, gateway) => new IbkrBarFeed(context, gateway),
  });
  const { sim, clock } = bench;
  const begin = clock.nowUtc();
  sim.faults.set(BY_HAND);
  const send = async (symbol: string, ...prices: readonly string[]): Promise<void> => {
    // The id of a request is known once it has come.
    await bench.settle(1);
    clock.advance(BAR_MS);
    const seconds = String(Math.floor(clock.nowUtc() / BAR_MS - 1) * 5);
    const id = bench.requestId(REQUEST_BARS, symbol);
    sim.faults.sendRaw([REAL_TIME_BAR, '3', id, seconds, ...prices]);
  };
  return {
    feed: clocked(bench),
    instruments: INSTRUMENTS,
    unknown: anInstrument({ symbol: 'NO-SUCH' }),
    source: {
      publish: (symbol, { last }) => send(symbol, ...Array<string>(4).fill(String(last)), '100', String(last), '7'),
      malformed: (symbol) => send(symbol, 'a', 'b', 'c', 'd', '100', '1', '7'),
      disconnect: () => sim.faults.cut(),
      reconnect: async () => {
        await bench.until(() => bench.gateway.state === 'up', 1_000);
        // The same bars may not be asked for twice within 15 s.
        clock.advance(16_000);
      },
    },
    faults: {
      cut: () => {
        sim.faults.set({ kind: 'refuse-client-id', times: 'all' });
        sim.faults.cut();
        return async () => {
          sim.faults.clear();
          sim.faults.set(BY_HAND);
          for (let round = 0; round < 20; round += 1) {
            clock.advance(10_000);
            await bench.settle(1);
          }
        };
      },
      fallSilent: () => clock.advance(90_000),
      publishTorn: (symbol) => send(symbol, '101', '102'),
    },
    history: {
      bars: {
        ...{ instrument: AAPL, from: begin - 1_800_000, to: begin },
        bars: { use: 'time', options: { seconds: 5, price: 'last' } },
      },
    },
    settle: () => bench.settle(),
    dispose: () => bench.close(),
  };
}

describeContract(
  'IbkrBarFeed',
  feedContract({
    capabilities: IBKR_BAR_FEED_CAPABILITIES,
    create: fixture,
    faults: ['cut', 'fallSilent', 'publishTorn'],
  }),
  { describe, it },
);

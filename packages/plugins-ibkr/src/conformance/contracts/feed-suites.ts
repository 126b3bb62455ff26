// The SDK's contract of feeds, by the plugin's feed at a simulated gateway.
import type { Feed, HistoryBlock, HistoryRequest } from '@bookrunner/sdk';
import { anInstrument, feedContract } from '@bookrunner/sdk/testing';
import type { ContractSuite, FeedFaults, FeedFixture, SourceEvent } from '@bookrunner/sdk/testing';
import { IBKR_FEED_CAPABILITIES } from '../../feed/ibkr-feed.js';
import { AAPL, MSFT } from '../scene/instruments.js';
import { Scene } from '../scene/scene.js';
import type { SceneOptions } from '../scene/scene.js';
import { DURING_HOURS, MESSAGE, publish } from '../scene/watching.js';

/** Messages of ticks, as a gateway sends them by hand. */
const SENT = { tickPrice: '1', tickString: '46', tickByTick: '99' } as const;
const RT_VOLUME = '48';
const MINUTE_MS = 60_000;

/** What a source sends that the simulator never would: rows by other clocks, and rows that are none. */
interface HandMade {
  /** Answers the time that the row carries. */
  at(symbol: string, event: SourceEvent, ts: number): number;
  malformed(symbol: string): void;
  torn(symbol: string): void;
}

/** Quotes have no time of their own; trades of the RTVolume kind have. */
function topOfBook(scene: Scene): HandMade {
  const id = (symbol: string): string => scene.sent(MESSAGE.requestMarketData, symbol).at(-1)?.[2] ?? '0';
  let volume = 1_000_000;
  return {
    at: (symbol, { last }, ts) => {
      volume += 100;
      const value = `${last};100;${ts};${volume};${last};true`;
      scene.sim.faults.sendRaw([SENT.tickString, '6', id(symbol), RT_VOLUME, value]);
      return ts;
    },
    malformed: (symbol) => scene.sim.faults.sendRaw([SENT.tickPrice, '6', id(symbol), '1', 'x', '1', '1']),
    torn: (symbol) => scene.sim.faults.sendRaw([SENT.tickPrice, '6', id(symbol), '1']),
  };
}

function tickByTick(scene: Scene): HandMade {
  const id = (symbol: string, kind: string): string =>
    scene.sent(MESSAGE.requestTickByTick, symbol).findLast((fields) => fields[14] === kind)?.[1] ?? '0';
  const send = (...fields: readonly string[]): void => scene.sim.faults.sendRaw([SENT.tickByTick, ...fields]);
  const now = (): string => String(Math.floor(scene.clock.nowUtc() / 1_000));
  return {
    at: (symbol, { bid, ask, last }, ts) => {
      const seconds = Math.floor(ts / 1_000);
      send(id(symbol, 'BidAsk'), '3', String(seconds), String(bid), String(ask), '300', '400', '0');
      send(id(symbol, 'Last'), '1', String(seconds), String(last), '100', '0', 'ARCA', '');
      return seconds * 1_000;
    },
    malformed: (symbol) => send(id(symbol, 'BidAsk'), '3', now(), 'x', 'y', '1', '1', '0'),
    torn: (symbol) => send(id(symbol, 'BidAsk'), '3', now(), '101'),
  };
}

function faultsOf(scene: Scene, hands: HandMade): Required<FeedFaults> {
  return {
    cut: () => {
      scene.sim.faults.set({ kind: 'refuse-client-id', times: 'all' });
      scene.sim.faults.cut();
      return async () => {
        scene.sim.faults.clear();
        for (let round = 0; round < 20; round += 1) {
          scene.clock.advance(10_000);
          await scene.settle(1);
        }
      };
    },
    fallSilent: () => scene.clock.advance(90_000),
    publishTorn: (symbol) => hands.torn(symbol),
    publishAt: (symbol, event, offsetMs) => hands.at(symbol, event, scene.clock.nowUtc() + offsetMs),
    publishTwice: (symbol, event) => {
      const ts = hands.at(symbol, event, scene.clock.nowUtc());
      scene.clock.advance(1_000);
      return hands.at(symbol, event, ts);
    },
  };
}

/** The feed, while the clock goes on during calls that wait. */
function clocked(scene: Scene): Feed {
  const { feed } = scene;
  async function* read(request: HistoryRequest): AsyncGenerator<HistoryBlock> {
    const blocks = feed.history(request)[Symbol.asyncIterator]();
    for (;;) {
      const next = await scene.during(blocks.next(), 'history');
      if (next.done === true) return;
      yield next.value;
    }
  }
  return {
    capabilities: feed.capabilities,
    resolve: (instrument) => scene.during(feed.resolve(instrument), 'a resolve'),
    subscribe: (instruments, sink) => scene.subscribe(instruments, sink),
    open: () => scene.during(feed.open(), 'open', 1_000),
    close: () => feed.close(),
    history: read,
  };
}

async function fixture(kind: 'top-of-book' | 'tick-by-tick', options: SceneOptions): Promise<FeedFixture> {
  const isTickByTick = kind === 'tick-by-tick';
  const scene = await Scene.start({
    ...DURING_HOURS,
    ...options,
    simulator: { tickByTickLimit: 10 },
    ...(isTickByTick && { feed: { quotes: 'tick-by-tick', trades: 'tick-by-tick' } }),
  });
  for (const { symbol } of [AAPL, MSFT]) scene.model.quote(symbol, { bid: -1, ask: -1 });
  const hands = isTickByTick ? tickByTick(scene) : topOfBook(scene);
  const begin = scene.clock.nowUtc();
  const range = { instrument: AAPL, from: begin - 30 * MINUTE_MS, to: begin };
  return {
    ...{ feed: clocked(scene), instruments: [AAPL, MSFT], unknown: anInstrument({ symbol: 'NO-SUCH' }) },
    source: {
      publish: (symbol, event) => publish(scene, symbol, event),
      malformed: (symbol) => hands.malformed(symbol),
      disconnect: () => scene.sim.faults.cut(),
      reconnect: () => scene.untilUp(),
    },
    faults: faultsOf(scene, hands),
    history: {
      bars: { ...range, bars: { use: 'time', options: { seconds: 60, price: 'last' } } },
      ticks: { ...range, from: begin - 40_000 },
    },
    settle: () => scene.settle(),
    dispose: () => scene.close(),
  };
}

/** All hooks of the suite are there: nothing is skipped for want of one. */
export function feedSuite(name: string, kind: 'top-of-book' | 'tick-by-tick', options: SceneOptions): ContractSuite {
  const suite = feedContract({
    capabilities: IBKR_FEED_CAPABILITIES,
    create: () => fixture(kind, options),
    faults: ['cut', 'fallSilent', 'publishTwice', 'publishAt', 'publishTorn'],
  });
  return { ...suite, name };
}

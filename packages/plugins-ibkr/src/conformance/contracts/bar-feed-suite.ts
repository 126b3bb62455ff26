// The SDK's contract of feeds, by the plugin's feed of ready bars at a simulated gateway.
import { marketCalendar, SILENT_LOGGER } from '@bookrunner/sdk';
import type { Feed, HistoryBlock, HistoryRequest } from '@bookrunner/sdk';
import { anInstrument, feedContract } from '@bookrunner/sdk/testing';
import type { ContractSuite, FeedFixture } from '@bookrunner/sdk/testing';
import { ibkrBarFeedOptions } from '../../feed/bars/bar-feed-options.js';
import { IBKR_BAR_FEED_CAPABILITIES, IbkrBarFeed } from '../../feed/bars/ibkr-bar-feed.js';
import { AAPL, MSFT } from '../scene/instruments.js';
import { Scene } from '../scene/scene.js';
import type { SceneOptions } from '../scene/scene.js';
import { DURING_HOURS, MESSAGE } from '../scene/watching.js';

const BAR_MS = 5_000;
const REAL_TIME_BAR = '50';
/** IB allows the same bars to be asked for again after this time. */
const SAME_BARS_MS = 15_000;
/** The gateway makes a bar every five seconds, whether anything happened or not: here they come by hand. */
const BY_HAND = { kind: 'drop-message', on: 'realTimeBar', times: 'all' } as const;

/** A feed of bars on the session of a scene. */
export function barFeedOf(scene: Scene): IbkrBarFeed {
  const context = { name: 'ib', clock: scene.clock, logger: SILENT_LOGGER, configDir: '.', dataDir: '.' };
  const options = ibkrBarFeedOptions.parse({ port: scene.tap.port });
  const calendar = (id: string): ReturnType<typeof marketCalendar> => marketCalendar(id);
  return new IbkrBarFeed({ ...context, options, instruments: new Map(), calendar }, scene.gateway);
}

/** The feed, while the clock goes on during calls that wait. */
function clocked(scene: Scene, feed: IbkrBarFeed): Feed {
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
    subscribe: (instruments, sink) => scene.during(feed.subscribe(instruments, sink), 'a subscription', 10),
    open: () => scene.during(feed.open(), 'open', 1_000),
    close: () => feed.close(),
    history: read,
  };
}

/** Bars by hand. */
function sender(scene: Scene) {
  return async (symbol: string, ...values: readonly string[]): Promise<void> => {
    // The id of a request is known once it has come.
    await scene.settle(1);
    scene.clock.advance(BAR_MS);
    const seconds = String(Math.floor(scene.clock.nowUtc() / BAR_MS - 1) * 5);
    const id = scene.sent(MESSAGE.requestRealTimeBars, symbol).at(-1)?.[2] ?? '0';
    scene.sim.faults.sendRaw([REAL_TIME_BAR, '3', id, seconds, ...values]);
  };
}

async function fixture(options: SceneOptions): Promise<FeedFixture> {
  const scene = await Scene.start({ ...DURING_HOURS, ...options });
  const feed = barFeedOf(scene);
  scene.sim.faults.set(BY_HAND);
  const send = sender(scene);
  const begin = scene.clock.nowUtc();
  return {
    ...{ feed: clocked(scene, feed), instruments: [AAPL, MSFT], unknown: anInstrument({ symbol: 'NO-SUCH' }) },
    source: {
      publish: (symbol, { last }) => send(symbol, ...Array<string>(4).fill(String(last)), '100', String(last), '7'),
      malformed: (symbol) => send(symbol, 'a', 'b', 'c', 'd', '100', '1', '7'),
      disconnect: () => scene.sim.faults.cut(),
      reconnect: async () => {
        await scene.untilUp();
        scene.clock.advance(SAME_BARS_MS);
      },
    },
    faults: {
      cut: () => {
        scene.sim.faults.set({ kind: 'refuse-client-id', times: 'all' });
        scene.sim.faults.cut();
        return async () => {
          scene.sim.faults.clear();
          scene.sim.faults.set(BY_HAND);
          for (let round = 0; round < 20; round += 1) {
            scene.clock.advance(10_000);
            await scene.settle(1);
          }
        };
      },
      fallSilent: () => scene.clock.advance(90_000),
      publishTorn: (symbol) => send(symbol, '101', '102'),
    },
    history: {
      bars: {
        ...{ instrument: AAPL, from: begin - 1_800_000, to: begin },
        bars: { use: 'time', options: { seconds: 5, price: 'last' } },
      },
    },
    settle: () => scene.settle(),
    dispose: async () => {
      await feed.close();
      await scene.close();
    },
  };
}

/** A bar's time is where it lies: one by another clock, or told again, is another bar or none, and no hook makes one. */
export function barFeedSuite(name: string, options: SceneOptions): ContractSuite {
  const suite = feedContract({
    capabilities: IBKR_BAR_FEED_CAPABILITIES,
    create: () => fixture(options),
    faults: ['cut', 'fallSilent', 'publishTorn'],
  });
  return { ...suite, name };
}

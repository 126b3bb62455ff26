// The SDK's contract of feeds, by the plugin's feed of ready bars at a simulated gateway.
import { marketCalendar, SILENT_LOGGER } from '@bookrunner/sdk';
import type { EpochMs, Feed, HistoryBlock, HistoryRequest } from '@bookrunner/sdk';
import { anInstrument, feedContract } from '@bookrunner/sdk/testing';
import type { ContractSuite, FeedFixture, SourceEvent } from '@bookrunner/sdk/testing';
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
class Hands {
  readonly #scene: Scene;

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  /** Time goes on by a bar, and the one that is over then is sent. */
  async send(symbol: string, ...values: readonly string[]): Promise<void> {
    await this.#sendAt(symbol, await this.#over(), values);
  }

  /** One that begins so much earlier or later than the one that is over. Answers when. */
  async sendOff(symbol: string, { last }: SourceEvent, offsetMs: number): Promise<EpochMs> {
    const ts = (await this.#over()) + offsetMs;
    await this.#sendAt(symbol, ts, valuesOf(last));
    return ts;
  }

  /** The same one twice. Answers when it begins. */
  async sendTwice(symbol: string, { last }: SourceEvent): Promise<EpochMs> {
    const ts = await this.#over();
    await this.#sendAt(symbol, ts, valuesOf(last));
    this.#scene.clock.advance(1_000);
    await this.#sendAt(symbol, ts, valuesOf(last));
    return ts;
  }

  async #over(): Promise<EpochMs> {
    // The id of a request is known once it has come.
    await this.#scene.settle(1);
    this.#scene.clock.advance(BAR_MS);
    return Math.floor(this.#scene.clock.nowUtc() / BAR_MS - 1) * BAR_MS;
  }

  async #sendAt(symbol: string, ts: EpochMs, values: readonly string[]): Promise<void> {
    const id = this.#scene.sent(MESSAGE.requestRealTimeBars, symbol).at(-1)?.[2] ?? '0';
    this.#scene.sim.faults.sendRaw([REAL_TIME_BAR, '3', id, String(ts / 1_000), ...values]);
    // It is received at this time, not at the next one.
    await this.#scene.settle(1);
  }
}

/** Open, high, low and close, volume, average and count. */
function valuesOf(price: number): readonly string[] {
  return [...Array<string>(4).fill(String(price)), '100', String(price), '7'];
}

async function fixture(options: SceneOptions): Promise<FeedFixture> {
  const scene = await Scene.start({ ...DURING_HOURS, ...options });
  const feed = barFeedOf(scene);
  scene.sim.faults.set(BY_HAND);
  const hands = new Hands(scene);
  const begin = scene.clock.nowUtc();
  return {
    ...{ feed: clocked(scene, feed), instruments: [AAPL, MSFT], unknown: anInstrument({ symbol: 'NO-SUCH' }) },
    source: {
      publish: (symbol, { last }) => hands.send(symbol, ...valuesOf(last)),
      malformed: (symbol) => hands.send(symbol, 'a', 'b', 'c', 'd', '100', '1', '7'),
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
      publishTorn: (symbol) => hands.send(symbol, '101', '102'),
      publishAt: (symbol, event, offsetMs) => hands.sendOff(symbol, event, offsetMs),
      publishTwice: (symbol, event) => hands.sendTwice(symbol, event),
    },
    history: {
      bars: {
        ...{ instrument: AAPL, from: begin - 1_800_000, to: begin },
        bars: { use: 'time', options: { seconds: 5, price: 'last' } },
      },
      ticks: { instrument: AAPL, from: begin - 40_000, to: begin },
    },
    settle: () => scene.settle(),
    dispose: async () => {
      await feed.close();
      await scene.close();
    },
  };
}

/** All hooks of the suite are there: nothing is skipped for want of one. */
export function barFeedSuite(name: string, options: SceneOptions): ContractSuite {
  const suite = feedContract({
    capabilities: IBKR_BAR_FEED_CAPABILITIES,
    create: () => fixture(options),
    faults: ['cut', 'fallSilent', 'publishAt', 'publishTorn', 'publishTwice'],
  });
  return { ...suite, name };
}

import { BarSchedule, SECOND_MS } from '@bookrunner/sdk';
import type { BarSpec, FeedCapabilities, Instrument, PluginContext, ReadRange, RecordedStream } from '@bookrunner/sdk';
import { RecordedSourceFeed } from '../recorded-source-feed.js';
import type { RecordedFeedContribution, RecordedSource } from '../recorded-source-feed.js';
import { syntheticBars, syntheticTicks } from './synthetic-blocks.js';
import { SyntheticMarket } from './synthetic-market.js';
import { syntheticOptions } from './synthetic-options.js';
import type { SyntheticOptions } from './synthetic-options.js';

const CAPABILITIES: FeedCapabilities = Object.freeze({
  quotes: true,
  trades: true,
  barSeconds: Object.freeze([]),
  historyBars: true,
  historyTicks: true,
  finite: true,
});

/** `use: synthetic`: a seeded market with regimes of volatility, for trials, tests and benchmarks. */
export const syntheticFeed: RecordedFeedContribution<SyntheticOptions> = Object.freeze({
  capabilities: CAPABILITIES,
  options: syntheticOptions,
  create: (context: PluginContext<SyntheticOptions>) => new RecordedSourceFeed(new SyntheticSource(context), context),
});

class SyntheticSource implements RecordedSource {
  readonly capabilities: FeedCapabilities;
  readonly #context: PluginContext<SyntheticOptions>;

  constructor(context: PluginContext<SyntheticOptions>) {
    const { kind, seconds, tradeShare } = context.options;
    this.#context = context;
    this.capabilities =
      kind === 'bars'
        ? { barSeconds: [seconds], historyBars: true, finite: true }
        : { quotes: true, ...(tradeShare > 0 ? { trades: true } : {}), historyTicks: true, finite: true };
  }

  resolve(instrument: Instrument): ReturnType<RecordedSource['resolve']> {
    return Promise.resolve({ instrument, sourceId: `seed ${this.#context.options.seed}` });
  }

  stream(instrument: Instrument, range: ReadRange): RecordedStream {
    const { options } = this.#context;
    const { symbol } = instrument;
    const calendar = this.#context.calendar(instrument.calendar);
    const cut = { symbol, range };
    if (options.kind === 'ticks') {
      const market = new SyntheticMarket(instrument, calendar, options);
      return { symbol, blocks: syntheticTicks(market, cut, options.tradeShare > 0) };
    }
    // Bars are made of trades, so there have to be some.
    const market = new SyntheticMarket(instrument, calendar, { ...options, tradeShare: options.tradeShare || 1 });
    const schedule = new BarSchedule(calendar, options.seconds * SECOND_MS);
    const spec: BarSpec = { use: 'time', options: { seconds: options.seconds } };
    return { symbol, spec, blocks: syntheticBars(market, { ...cut, schedule }, spec) };
  }
}

// A kernel that remembers and does not decide: the set-up of a run without its strategies, bars, sizers and policies.
import {
  type BarBuilder,
  type BarSpec,
  type Currency,
  defineStrategy,
  type EpochMs,
  type Instrument,
  type MarketCalendar,
  type Sizer,
} from '@bookrunner/sdk';
import type { BookSetup } from '../portfolio/book.js';
import type { KernelSetup, StrategySetup, StreamSetup } from './setup.js';

/** What orders, fills and books of a run belong to; lists in the order in which the run had them. */
export interface FoldSetup extends Pick<KernelSetup, 'brokers' | 'reconcile' | 'barGraceMs'> {
  readonly runEpoch: string;
  readonly baseCurrency: Currency;
  readonly closeDelayMs: EpochMs;
  readonly instruments: readonly { readonly instrument: Instrument; readonly calendar: MarketCalendar }[];
  /** Streams of ready bars, of the run's own indexes; what else it had is passed over. */
  readonly streams: readonly Pick<StreamSetup, 'instrumentIndex' | 'source' | 'barMs'>[];
  readonly books: readonly BookSetup[];
  readonly strategies: readonly Pick<
    StrategySetup,
    'name' | 'bookIndex' | 'instrumentIndexes' | 'allocation' | 'feed'
  >[];
}

/** Any parameters: nobody reads them. */
const NO_PARAMS = { parse: () => ({}) } as unknown as Parameters<typeof defineStrategy>[0]['params'];
/** Answers nothing, whenever it is asked. */
const SILENT = defineStrategy({ name: 'folded', params: NO_PARAMS, onBar: () => {} });
const NO_SIZER: Sizer = {
  size: () => ({ kind: 'refused', reason: 'FOLDED', message: 'Nothing is decided while a journal is folded.' }),
};
const NO_BARS: BarSpec = { use: 'folded', options: {} };

/** Builds nothing: bars of it would close where strategies ask for them. */
const SILENT_BUILDER: BarBuilder = {
  nextClose: Number.NaN,
  ignoredTicks: 0,
  onTick: () => {},
  flush: () => {},
  save: () => ({}),
  load: () => {},
};

/**
 * The run's streams of ready bars, which days wait for and which move prices, and behind all of its streams a silent one for each instrument:
 * what the run built of ticks or of other bars waits for nothing, and bars of it from history move prices, too.
 */
export function foldedKernelSetup(setup: FoldSetup): KernelSetup {
  const silent = { spec: NO_BARS, parent: -1, builder: () => SILENT_BUILDER, source: 'ticks' } as const;
  return {
    ...setup,
    streams: [
      ...setup.streams.map(({ instrumentIndex, source, barMs }): StreamSetup => {
        if (source !== 'feed') return { ...silent, instrumentIndex, barMs: Number.NaN };
        return { instrumentIndex, barMs, source, spec: NO_BARS, parent: -1 };
      }),
      ...setup.instruments.map((_, instrumentIndex) => ({ ...silent, instrumentIndex, barMs: Number.NaN })),
    ],
    strategies: setup.strategies.map((strategy) => ({
      ...strategy,
      definition: SILENT,
      params: {},
      streams: [strategy.instrumentIndexes.map((index) => streamOf(setup, index))],
      sizer: NO_SIZER,
      sizerFeatures: {},
    })),
    venueReplaces: true,
  };
}

/** The stream of an instrument's ready bars, else its silent one. */
function streamOf({ streams }: FoldSetup, instrumentIndex: number): number {
  const ready = streams.findIndex((stream) => stream.source === 'feed' && stream.instrumentIndex === instrumentIndex);
  return ready < 0 ? streams.length + instrumentIndex : ready;
}

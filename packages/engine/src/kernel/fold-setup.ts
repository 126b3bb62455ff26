// A kernel that remembers and does not decide: the set-up of a run without its strategies, bars, sizers and policies.
import {
  type BarSpec,
  type Currency,
  defineStrategy,
  type EpochMs,
  type Instrument,
  type MarketCalendar,
  type Sizer,
} from '@bookrunner/sdk';
import type { BookSetup } from '../portfolio/book.js';
import type { KernelSetup, StrategySetup } from './setup.js';

/** What orders, fills and books of a run belong to; lists in the order in which the run had them. */
export interface FoldSetup extends Pick<KernelSetup, 'brokers' | 'reconcile'> {
  readonly runEpoch: string;
  readonly baseCurrency: Currency;
  readonly closeDelayMs: EpochMs;
  readonly instruments: readonly { readonly instrument: Instrument; readonly calendar: MarketCalendar }[];
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

/** One stream for each instrument, of the same index: ready bars move prices there. */
export function foldedKernelSetup(setup: FoldSetup): KernelSetup {
  return {
    ...setup,
    streams: setup.instruments.map((_, instrumentIndex) => ({
      instrumentIndex,
      spec: NO_BARS,
      barMs: Number.NaN,
      source: 'feed',
      parent: -1,
    })),
    strategies: setup.strategies.map((strategy) => ({
      ...strategy,
      definition: SILENT,
      params: {},
      streams: [strategy.instrumentIndexes],
      sizer: NO_SIZER,
      sizerFeatures: {},
    })),
    venueReplaces: true,
  };
}

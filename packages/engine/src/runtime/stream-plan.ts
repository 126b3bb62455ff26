import type { BarBuilder, BarSpec, Instrument, MarketCalendar } from '@bookrunner/sdk';
import { barSpecKey, barSpecSeconds, canResample } from '../bars/bar-spec.js';
import type { StreamSetup } from '../kernel/setup.js';
import type { ResolvedUse } from '../plugins/index.js';
import { runtimeError } from './runtime-errors.js';

/** What the data of one instrument is: ticks, or bars of a spec. */
export interface SourceKind {
  /** Absent for ticks. */
  readonly spec?: BarSpec;
}

/** One instrument as the plan sees it. */
export interface PlannedInstrument {
  readonly instrument: Instrument;
  readonly calendar: MarketCalendar;
  readonly source: SourceKind;
}

/**
 * Decides which streams of bars a run needs and how each comes about: straight from the feed, built from ticks, or resampled from
 * the feed's smaller bars. Equal specs of one instrument are one stream, whoever asked.
 */
export class StreamPlan {
  readonly streams: StreamSetup[] = [];
  readonly warnings: string[] = [];
  readonly #instruments: readonly PlannedInstrument[];
  readonly #byKey = new Map<string, number>();
  /** The stream of the feed's own bars, by instrument. */
  readonly #feedStream = new Map<number, number>();

  constructor(instruments: readonly PlannedInstrument[]) {
    this.#instruments = instruments;
    instruments.forEach(({ source }, index) => {
      if (source.spec === undefined) return;
      this.#feedStream.set(index, this.#add(index, { ...this.#base(index, source.spec), source: 'feed', parent: -1 }));
    });
  }

  /** Index of the stream of the feed's ready bars; -1 for instruments with ticks. */
  feedStream(instrumentIndex: number): number {
    return this.#feedStream.get(instrumentIndex) ?? -1;
  }

  /**
   * Index of the stream that gives the bars a strategy asked for.
   * Errors: RUN_BARS_NOT_AVAILABLE.
   */
  want(instrumentIndex: number, use: ResolvedUse<'bar-builder'>, strategy: string): number {
    const spec: BarSpec = { use: use.use, options: use.options as BarSpec['options'] };
    const known = this.#byKey.get(`${instrumentIndex}|${barSpecKey(spec)}`);
    if (known !== undefined) return known;
    const planned = this.#instruments[instrumentIndex] as PlannedInstrument;
    const builder = (): BarBuilder =>
      use.contribution.create(use.options, { instrument: planned.instrument, calendar: planned.calendar });
    const base = this.#base(instrumentIndex, spec);
    if (planned.source.spec === undefined)
      return this.#add(instrumentIndex, { ...base, source: 'ticks', parent: -1, builder });
    const parent = this.feedStream(instrumentIndex);
    const recorded = this.#asRecorded(planned.source.spec, spec);
    if (barSpecKey(recorded) === barSpecKey(spec)) {
      this.#byKey.set(`${instrumentIndex}|${barSpecKey(spec)}`, parent);
      return parent;
    }
    if (canResample(recorded, spec)) return this.#add(instrumentIndex, { ...base, source: 'bars', parent, builder });
    throw runtimeError(
      'RUN_BARS_NOT_AVAILABLE',
      `Strategy '${strategy}' asks for ${barSpecKey(spec)} of ${planned.instrument.symbol}; the feed has ${barSpecKey(planned.source.spec)}.`,
      { details: { strategy, symbol: planned.instrument.symbol } },
    );
  }

  /** Recorded bars have the price they were recorded with; a strategy that names another is told, and gets them. */
  #asRecorded(recorded: BarSpec, wanted: BarSpec): BarSpec {
    const price = wanted.options['price'];
    if (recorded.use !== 'time' || wanted.use !== 'time' || price === recorded.options['price']) return recorded;
    if ((price ?? 'last') !== (recorded.options['price'] ?? 'last')) {
      const warning = `Bars of price '${String(price ?? 'last')}' are asked for; the recorded bars are of price '${String(recorded.options['price'] ?? 'last')}'.`;
      if (!this.warnings.includes(warning)) this.warnings.push(warning);
    }
    return { use: 'time', options: { ...recorded.options, price } };
  }

  #base(instrumentIndex: number, spec: BarSpec): Pick<StreamSetup, 'instrumentIndex' | 'spec' | 'barMs'> {
    return { instrumentIndex, spec, barMs: barSpecSeconds(spec) * 1_000 };
  }

  #add(instrumentIndex: number, stream: StreamSetup): number {
    const index = this.streams.push(stream) - 1;
    this.#byKey.set(`${instrumentIndex}|${barSpecKey(stream.spec)}`, index);
    return index;
  }
}

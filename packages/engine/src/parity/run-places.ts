// Where instruments and ready bars of a session stand in the backtest: sessions of a chain may number them otherwise.
import type { Instrument } from '@bookrunner/sdk';
import { barSpecKey } from '../bars/bar-spec.js';
import { runConfigOf } from '../journal/fold-setup.js';
import type { JournalRecord } from '../journal/journal-record.js';
import type { RunFacts } from '../journal/segment-header.js';
import type { StreamSetup } from '../kernel/setup.js';
import type { ResolvedUse } from '../plugins/index.js';
import type { Assembly } from '../runtime/assemble.js';
import { withTerms } from '../runtime/brokers/broker-instruments.js';
import { type PlannedInstrument, StreamPlan } from '../runtime/stream-plan.js';
import type { SideInstrument } from './side-ledger.js';

/** One instrument of a session. */
type RunSymbol = RunFacts['instruments'][number];

/** Indexes of one session as those of the backtest; -1 for what that has not, or has of another kind. */
export class RunPlaces {
  readonly #instruments: readonly number[];
  readonly #streams: readonly number[];
  /** Symbols whose rows are of another kind than in the backtest, so that it cannot have them. */
  readonly otherKind: readonly string[];

  /** `made` are the instruments that the backtest was made with. */
  constructor(facts: RunFacts, { made, plan }: { readonly made: RunFacts['instruments'] } & Pick<Assembly, 'plan'>) {
    const places = new Map(made.map(({ symbol }, place) => [symbol, place] as const));
    const placeOf = (own: RunSymbol): number => {
      const place = places.get(own.symbol) ?? -1;
      return kindOf(made[place]) === kindOf(own) ? place : -1;
    };
    this.#instruments = facts.instruments.map(placeOf);
    const streams = new Map(plan.streams.map((stream, place) => [streamKey(made, stream), place] as const));
    this.#streams = planOf(facts).streams.map((stream) => streams.get(streamKey(facts.instruments, stream)) ?? -1);
    this.otherKind = facts.instruments
      .filter((own) => places.has(own.symbol) && placeOf(own) < 0)
      .map(({ symbol }) => symbol);
  }

  /** The record with the indexes of the backtest; undefined where it is of what that has not. */
  translate(record: JournalRecord): JournalRecord | undefined {
    if (record.kind === 'tick') {
      const instrumentIndex = this.#instrument(record.tick.instrumentIndex);
      // The common case copies nothing.
      if (instrumentIndex === record.tick.instrumentIndex) return record;
      return instrumentIndex < 0 ? undefined : { ...record, tick: { ...record.tick, instrumentIndex } };
    }
    if (record.kind === 'bar-open' || record.kind === 'bar-range') {
      const instrumentIndex = this.#instrument(record.instrumentIndex);
      return instrumentIndex < 0 ? undefined : { ...record, instrumentIndex };
    }
    return record.kind === 'event' ? this.#event(record) : record;
  }

  #event(record: Extract<JournalRecord, { kind: 'event' }>): JournalRecord | undefined {
    const { event } = record;
    if (event.kind === 'bar') {
      const streamIndex = this.#streams[event.streamIndex] ?? -1;
      return streamIndex < 0 ? undefined : { ...record, event: { ...event, streamIndex } };
    }
    if (event.kind !== 'corporate-action') return record;
    const instrumentIndex = this.#instrument(event.instrumentIndex);
    return instrumentIndex < 0 ? undefined : { ...record, event: { ...event, instrumentIndex } };
  }

  #instrument(index: number): number {
    return this.#instruments[index] ?? -1;
  }
}

/** Instruments of a session as its orders name and count them: quantities of its journal are integers of the terms that its broker gave. */
export function sideInstruments(facts: RunFacts): readonly SideInstrument[] {
  const { instruments } = runConfigOf(facts);
  return facts.instruments.map(({ symbol, terms = {} }) => {
    const { quantityDecimals } = withTerms({ ...instruments[symbol], symbol } as Instrument, terms);
    return { symbol, quantityDecimals };
  });
}

/** The streams of a session, as it planned them. */
function planOf(facts: RunFacts): StreamPlan {
  const symbols = facts.instruments.map(({ symbol }) => symbol);
  const plan = new StreamPlan(
    facts.instruments.map(({ symbol, bars }) => ({
      ...({ instrument: { symbol }, calendar: {} } as Pick<PlannedInstrument, 'instrument' | 'calendar'>),
      source: bars === undefined ? {} : { spec: bars },
    })),
  );
  for (const [name, strategy] of Object.entries(runConfigOf(facts).strategies)) {
    // No bar is made: a plan alone asks for no more than use and options.
    for (const bars of strategy.bars)
      for (const symbol of strategy.symbols)
        plan.want(symbols.indexOf(symbol), bars as ResolvedUse<'bar-builder'>, name);
  }
  return plan;
}

/** Tells streams of sessions apart that number them otherwise. */
function streamKey(instruments: RunFacts['instruments'], { instrumentIndex, source, spec }: StreamSetup): string {
  return JSON.stringify([instruments[instrumentIndex]?.symbol, source, barSpecKey(spec)]);
}

/** Ticks, or ready bars of a length. */
function kindOf(instrument: RunSymbol | undefined): string {
  return instrument?.bars === undefined ? 'ticks' : barSpecKey(instrument.bars);
}

// On what terms a run trades its instruments: as its brokers say, and as the last session came to while one of them is away.
import { decimalsOf, type EngineNotice, type Instrument, isTradingError } from '@bookrunner/sdk';
import type { EngineComposition } from '../../composition-root.js';
import {
  askBroker,
  declaredTerms,
  type InstrumentTerms,
  RESOLVE_LIMIT_MS,
  termsOf,
  withTerms,
} from '../brokers/broker-instruments.js';
import type { BrokerLine } from '../brokers/broker-line.js';
import type { AwayParts } from './away-parts.js';

/** What {@link LiveTerms} works on. */
export interface LiveTermsSetup {
  readonly lines: readonly BrokerLine[];
  readonly engine: EngineComposition;
  readonly onNotice: (notice: EngineNotice) => void;
  /** Absent where all have to be there. */
  readonly away?: AwayParts | undefined;
}

interface Asking {
  readonly limitMs: number;
  readonly onNotice: (notice: EngineNotice) => void;
}

/** Asks the brokers that strategies trade an instrument at, one after the other: the last one has the last word. */
export class LiveTerms {
  readonly #setup: LiveTermsSetup;

  constructor(setup: LiveTermsSetup) {
    this.#setup = setup;
  }

  /** The instrument as it is traded, and how that differs from engine.yaml. Errors: BROKER_INSTRUMENT_UNKNOWN, BROKER_INSTRUMENT_UNTOLD. */
  async resolve(declared: Instrument): Promise<{ readonly instrument: Instrument; readonly terms: InstrumentTerms }> {
    let asked = declared;
    for (const line of this.#linesOf(declared)) {
      // oxlint-disable-next-line no-await-in-loop
      asked = (await this.#askThere(line, asked)) ?? this.#asBefore(asked, declared);
    }
    const instrument = this.#asFine(asked);
    return { instrument, terms: termsOf(declared, instrument) };
  }

  /**
   * On what other terms than the run's a broker trades an instrument of it, as far as none after it says otherwise; and steps that are too
   * fine for the run's scales, which would round its fills, whoever says otherwise. Empty where it can join. Errors: those of {@link resolve}.
   */
  async changes(line: BrokerLine, instrument: Instrument): Promise<InstrumentTerms> {
    const lines = this.#linesOf(instrument);
    if (!lines.includes(line)) return {};
    const asking = { limitMs: RESOLVE_LIMIT_MS, onNotice: () => {} };
    const own = await this.#ask(line, instrument, asking);
    let changes = steps(termsOf(instrument, own));
    for (const later of lines.slice(lines.indexOf(line) + 1)) {
      if (Object.keys(changes).length === 0) break;
      // What one that does not answer would say is in the terms of the run.
      // oxlint-disable-next-line no-await-in-loop
      const said = this.#isAway(later) ? undefined : await this.#ask(later, own, asking).catch(() => undefined);
      changes = said === undefined ? {} : agreed(changes, termsOf(instrument, said));
    }
    return { ...changes, ...tooFine(instrument, own) };
  }

  /** Undefined where it is away, or cannot tell for now and the run goes on without it. */
  async #askThere(line: BrokerLine, instrument: Instrument): Promise<Instrument | undefined> {
    const { away, onNotice } = this.#setup;
    if (this.#isAway(line)) return undefined;
    const part = { kind: 'venue', name: line.name } as const;
    try {
      const limitMs = away?.answerMs(part, RESOLVE_LIMIT_MS) ?? RESOLVE_LIMIT_MS;
      return await this.#ask(line, instrument, { limitMs, onNotice });
    } catch (error) {
      if (away?.take(part, error) === true) return undefined;
      throw error;
    }
  }

  #isAway({ name }: BrokerLine): boolean {
    return this.#setup.away?.isAway({ kind: 'venue', name }) === true;
  }

  #ask({ name, venue }: BrokerLine, instrument: Instrument, asking: Asking): Promise<Instrument> {
    const { clock, prepared } = this.#setup.engine;
    return askBroker({
      ...{ name, venue, instrument, source: prepared.config.source, ...asking },
      declared: prepared.config.instruments[instrument.symbol] ?? instrument,
      now: () => clock.nowUtc(),
    });
  }

  /** As the last session had it, also where that was as engine.yaml has it. */
  #asBefore(asked: Instrument, declared: Instrument): Instrument {
    const last = this.#setup.away?.termsOf(declared.symbol);
    return last === undefined ? asked : withTerms(asked, { ...declaredTerms(declared), ...last });
  }

  /** Scales no coarser than those of the last session, where that can be: what it holds may not fit on coarser ones. */
  #asFine(instrument: Instrument): Instrument {
    const { priceDecimals, quantityDecimals } = this.#setup.away?.termsOf(instrument.symbol) ?? {};
    if (priceDecimals === undefined || quantityDecimals === undefined) return instrument;
    try {
      return withTerms(instrument, { priceDecimals, quantityDecimals });
    } catch (error) {
      // Both at once are too fine for exact money. Going on says whether what is held fits.
      if (isTradingError(error)) return instrument;
      throw error;
    }
  }

  /** Brokers at which strategies trade the symbol. */
  #linesOf({ symbol }: Instrument): readonly BrokerLine[] {
    const { config, strategies } = this.#setup.engine.prepared;
    const accounts = [...strategies.values()]
      .filter((strategy) => strategy.config.symbols.includes(symbol))
      .map((strategy) => config.books[strategy.config.book]?.account ?? '');
    const venues = new Set(accounts.map((account) => config.accounts[account]?.venue));
    return this.#setup.lines.filter(({ name }) => venues.has(name));
  }
}

/** Terms but for scales, which follow from them. */
function steps({ priceDecimals: _price, quantityDecimals: _quantity, ...rest }: InstrumentTerms): InstrumentTerms {
  return rest;
}

/** Of the terms those that the later ones say as well. */
function agreed(terms: InstrumentTerms, later: InstrumentTerms): InstrumentTerms {
  const said = new Map(Object.entries(later).map(([key, value]) => [key, JSON.stringify(value)]));
  return Object.fromEntries(Object.entries(terms).filter(([key, value]) => said.get(key) === JSON.stringify(value)));
}

/** Steps of a broker that are no whole numbers at the scales of a run. */
function tooFine({ priceDecimals, quantityDecimals }: Instrument, own: Instrument): InstrumentTerms {
  const { lotStep, priceStep, priceSteps = [] } = own;
  const finest = Math.max(decimalsOf(priceStep), ...priceSteps.map(({ step }) => decimalsOf(step)));
  return {
    ...(decimalsOf(lotStep) > quantityDecimals ? { lotStep } : {}),
    ...(finest > priceDecimals ? { priceStep, ...(own.priceSteps && { priceSteps }) } : {}),
  };
}

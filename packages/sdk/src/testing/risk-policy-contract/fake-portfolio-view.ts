import type { PortfolioView, RiskScope } from '../../interfaces/risk-policy.js';
import type { Instrument } from '../../model/instrument.js';
import { anInstrument } from '../builders.js';
import { testingError } from '../errors.js';
import { TEST_EPOCH_MS } from '../fake-clock.js';

/** What {@link aPortfolioView} takes; everything has a calm default. */
export interface PortfolioViewOptions {
  readonly scope?: RiskScope;
  readonly name?: string;
  readonly ts?: number;
  readonly equity?: number;
  readonly dayStartEquity?: number;
  readonly dayPnlBps?: number;
  readonly grossExposure?: number;
  readonly workingOrders?: number;
  readonly ordersLastSecond?: number;
  readonly ordersLastMinute?: number;
  readonly instruments?: readonly Instrument[];
  /** Signed units by symbol. */
  readonly positions?: Readonly<Record<string, number>>;
  readonly working?: Readonly<Record<string, number>>;
  readonly prices?: Readonly<Record<string, number>>;
  readonly unitValues?: Readonly<Record<string, number>>;
}

/** A view that can be taken away: reading it after {@link FakePortfolioView.expire} throws. */
export class FakePortfolioView implements PortfolioView {
  readonly #values: Required<Omit<PortfolioViewOptions, 'instruments'>>;
  readonly #instruments: ReadonlyMap<string, Instrument>;
  #isExpired = false;

  constructor(options: PortfolioViewOptions = {}) {
    const equity = options.equity ?? 1_000_000;
    const calm = { dayPnlBps: 0, grossExposure: 0, workingOrders: 0, ordersLastSecond: 0, ordersLastMinute: 0 };
    const scope = { scope: 'strategy', name: 'test', ts: TEST_EPOCH_MS } as const;
    const symbols = { positions: {}, working: {}, prices: { TEST: 100 }, unitValues: { TEST: 1 } };
    this.#values = { ...scope, ...calm, ...symbols, equity, dayStartEquity: equity, ...options };
    const instruments = options.instruments ?? [anInstrument()];
    this.#instruments = new Map(instruments.map((instrument) => [instrument.symbol, instrument]));
  }

  get scope(): RiskScope {
    return this.#read().scope;
  }
  get name(): string {
    return this.#read().name;
  }
  get ts(): number {
    return this.#read().ts;
  }
  get equity(): number {
    return this.#read().equity;
  }
  get dayStartEquity(): number {
    return this.#read().dayStartEquity;
  }
  get dayPnlBps(): number {
    return this.#read().dayPnlBps;
  }
  get grossExposure(): number {
    return this.#read().grossExposure;
  }
  get workingOrders(): number {
    return this.#read().workingOrders;
  }
  get ordersLastSecond(): number {
    return this.#read().ordersLastSecond;
  }
  get ordersLastMinute(): number {
    return this.#read().ordersLastMinute;
  }

  instrument(symbol: string): Instrument {
    this.#read();
    const found = this.#instruments.get(symbol);
    if (found === undefined)
      throw testingError('TESTING_INSTRUMENT_UNKNOWN', `The view has no instrument '${symbol}'.`);
    return found;
  }
  position(symbol: string): number {
    return this.#read().positions[symbol] ?? 0;
  }
  working(symbol: string): number {
    return this.#read().working[symbol] ?? 0;
  }
  price(symbol: string): number {
    return this.#read().prices[symbol] ?? Number.NaN;
  }
  unitValue(symbol: string): number {
    return this.#read().unitValues[symbol] ?? Number.NaN;
  }

  /** From now on every read throws, as if the engine had refilled the view. */
  expire(): void {
    this.#isExpired = true;
  }

  #read(): Required<Omit<PortfolioViewOptions, 'instruments'>> {
    if (this.#isExpired) throw testingError('TESTING_INPUT_INVALID', 'A portfolio view was read after its call.');
    return this.#values;
  }
}

/** A view of a calm portfolio: flat, a million of equity, `TEST` at 100. */
export function aPortfolioView(options: PortfolioViewOptions = {}): FakePortfolioView {
  return new FakePortfolioView(options);
}

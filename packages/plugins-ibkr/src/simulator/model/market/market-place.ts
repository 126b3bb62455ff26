import type { Clock, EpochMs } from '@bookrunner/sdk';
import type { ContractRegister } from '../instruments/contract-register.js';
import type { InstrumentDefinition } from '../instruments/instrument-definition.js';
import { Market } from './market.js';
import type { HaltState, QuoteChange } from './market.js';
import { PriceWalk } from './price-walk.js';
import type { MarketTick } from './price-walk.js';

/** Something new in a market. */
export interface MarketChange {
  readonly market: Market;
  readonly tick: MarketTick;
  readonly hasQuote: boolean;
  readonly hasTrade: boolean;
  /** Trading was halted or goes on. */
  readonly hasHalt?: boolean;
}

/** Ticks per second of history where the market itself stands still. */
const HISTORY_TICKS_PER_SECOND = 1;

/** All markets, and what moves them: a person, or the walk by the clock. */
export class MarketPlace {
  readonly #contracts: ContractRegister;
  readonly #clock: Clock;
  readonly #options: { readonly seed: number; readonly ticksPerSecond: number };
  readonly #startedAt: EpochMs;
  readonly #markets = new Map<number, Market>();
  /** The line to the data farms is down: markets go on, and nobody hears of it. */
  isDataPaused = false;
  readonly #listeners: ((change: MarketChange) => void)[] = [];
  readonly #dataListeners: ((change: MarketChange) => void)[] = [];

  constructor(
    contracts: ContractRegister,
    clock: Clock,
    options: { readonly seed: number; readonly ticksPerSecond: number },
  ) {
    this.#contracts = contracts;
    this.#clock = clock;
    this.#options = options;
    this.#startedAt = clock.nowUtc();
    if (options.ticksPerSecond > 0) this.#plan();
  }

  /** Hears every change, in the order of registration; clients of data were told before. */
  listen(listener: (change: MarketChange) => void): void {
    this.#listeners.push(listener);
  }

  /** Hears the changes that clients may see. */
  listenData(listener: (change: MarketChange) => void): void {
    this.#dataListeners.push(listener);
  }

  /** The market of an instrument as it stands now. */
  of(instrument: InstrumentDefinition): Market {
    let market = this.#markets.get(instrument.conId);
    if (market === undefined) this.#markets.set(instrument.conId, (market = this.#create(instrument)));
    return market;
  }

  named(name: number | string): Market {
    return this.of(this.#contracts.find(name));
  }

  quote(name: number | string, change: QuoteChange): void {
    const market = this.named(name);
    this.#tell({ market, tick: market.quote(change, this.#clock.nowUtc()), hasQuote: true, hasTrade: false });
  }

  trade(name: number | string, price: number, size: number): void {
    const market = this.named(name);
    const tick = market.trade(price, size, this.#clock.nowUtc());
    this.#tell({ market, tick, hasQuote: false, hasTrade: true });
  }

  halt(name: number | string, state: HaltState): void {
    const market = this.named(name);
    market.halt(state, this.#clock.nowUtc());
    if (state === 0 && this.#options.ticksPerSecond === 0) market.record.silence(this.#clock.nowUtc());
    this.#tell({ market, tick: market.now, hasQuote: false, hasTrade: false, hasHalt: true });
  }

  /** Prices set by hand come to an end: the walk goes on, where there is one. */
  letWalk(name: number | string): void {
    if (this.#options.ticksPerSecond > 0) this.named(name).letWalk(this.#clock.nowUtc());
  }

  #create(instrument: InstrumentDefinition): Market {
    const { seed, ticksPerSecond } = this.#options;
    const walk = new PriceWalk(instrument, seed, ticksPerSecond === 0 ? HISTORY_TICKS_PER_SECOND : ticksPerSecond);
    const hours = this.#contracts.hours(instrument);
    const startedAt = ticksPerSecond === 0 ? this.#startedAt : this.#clock.nowUtc();
    const market = new Market(instrument, { hours, walk, startedAt });
    if (ticksPerSecond === 0) market.record.silence(startedAt + 1);
    return market;
  }

  #plan(): void {
    const tickMs = 60_000 / Math.max(4, Math.round(this.#options.ticksPerSecond * 60));
    const now = this.#clock.nowUtc();
    const next = Math.ceil((Math.floor(now / tickMs) + 1) * tickMs);
    this.#clock.callAt(next, () => {
      this.#advance();
      this.#plan();
    });
  }

  #advance(): void {
    const now = this.#clock.nowUtc();
    for (const market of this.#markets.values()) {
      for (const tick of market.advance(now)) {
        market.show(tick);
        this.#tell({ market, tick, hasQuote: true, hasTrade: true });
      }
    }
  }

  #tell(change: MarketChange): void {
    if (!this.isDataPaused) for (const listener of this.#dataListeners) listener(change);
    for (const listener of this.#listeners) listener(change);
  }
}

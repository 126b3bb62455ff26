import { StepGrid } from '@bookrunner/sdk';
import type { EpochMs, Instrument, Tick } from '@bookrunner/sdk';
import type { Chance } from './chance.js';

/** Best prices and the last trade; NaN where not known. */
export interface Quote {
  readonly bid: number;
  readonly ask: number;
  readonly last: number;
}

const UNITS_SHOWN = 100;

/** The prices of one instrument: those of a script while it lasts, else a random walk that stays on the price grid. */
export class Market {
  readonly instrument: Instrument;
  readonly #grid: StepGrid;
  readonly #chance: Chance;
  readonly #shape: { readonly moveSteps: number; readonly spreadSteps: number };
  #script: Quote[] = [];
  #quote: Quote = { bid: Number.NaN, ask: Number.NaN, last: Number.NaN };
  #bidSteps = Number.NaN;

  constructor(
    instrument: Instrument,
    shape: { readonly startPrice: number; readonly moveSteps: number; readonly spreadSteps: number },
    chance: Chance,
  ) {
    this.instrument = instrument;
    this.#grid = new StepGrid(instrument.priceStep);
    this.#chance = chance;
    this.#shape = shape;
    if (Number.isFinite(shape.startPrice)) this.#bidSteps = this.#grid.toSteps(shape.startPrice);
  }

  get quote(): Quote {
    return this.#quote;
  }

  /** Prices for the ticks to come, before the walk goes on. */
  follow(script: readonly Quote[]): void {
    this.#script.push(...script);
  }

  /** Moves to these prices. */
  set(quote: Quote): void {
    this.#quote = quote;
    if (Number.isFinite(quote.bid)) this.#bidSteps = this.#grid.toSteps(quote.bid);
  }

  /** One step on; false where there is no price to start from. */
  move(): boolean {
    const next = this.#script.shift();
    if (next !== undefined) this.set(next);
    else if (Number.isNaN(this.#bidSteps)) return false;
    else this.#walk();
    return true;
  }

  /** The market as a tick; to be sent, so it has no receipt yet. */
  tick(ts: EpochMs): Tick {
    const sizes = { bidSize: UNITS_SHOWN, askSize: UNITS_SHOWN, size: Number.isNaN(this.#quote.last) ? Number.NaN : 1 };
    return { ts, recvTs: ts, symbol: this.instrument.symbol, venue: 'practice', ...this.#quote, ...sizes };
  }

  #walk(): void {
    const { moveSteps, spreadSteps } = this.#shape;
    const move = this.#chance.below(2 * moveSteps + 1) - moveSteps;
    // Held at the floor, so that no price ever reaches 0.
    this.#bidSteps = Math.max(this.#bidSteps + move, spreadSteps);
    const bid = this.#grid.toValue(this.#bidSteps);
    const ask = this.#grid.toValue(this.#bidSteps + spreadSteps);
    this.#quote = { bid, ask, last: this.#chance.below(2) === 0 ? bid : ask };
  }
}

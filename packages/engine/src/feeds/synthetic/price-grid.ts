import { StepGrid } from '@bookrunner/sdk';
import type { Instrument } from '@bookrunner/sdk';

interface Band {
  readonly from: number;
  readonly grid: StepGrid;
}

/** An instrument's price grid, with its bands of price-dependent steps. */
export class PriceGrid {
  readonly #bands: readonly Band[];
  #current: Band;

  constructor(instrument: Instrument) {
    const base = { from: Number.NEGATIVE_INFINITY, grid: new StepGrid(instrument.priceStep) };
    this.#bands = [
      base,
      ...(instrument.priceSteps ?? []).map(({ from, step }) => ({ from, grid: new StepGrid(step) })),
    ];
    this.#current = base;
  }

  /** The grid that applies at a price. */
  at(price: number): StepGrid {
    if (this.#bands.length > 1) {
      for (const band of this.#bands) if (price >= band.from) this.#current = band;
    }
    return this.#current.grid;
  }
}

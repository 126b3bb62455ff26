// Exact amounts: money is a bigint (see the SDK's Money), quantities are counted in increments of the instrument.
import { decimalsOf, MONEY_DECIMALS, moneyPower, StepGrid, toScaled } from '@bookrunner/sdk';
import type { Money } from '@bookrunner/sdk';
import type { InstrumentDefinition } from '../instruments/instrument-definition.js';

/** Prices are kept to this many decimals. */
const PRICE_DECIMALS = 8;

const grids = new Map<number, StepGrid>();

/** The quantity grid of an instrument. */
export function sizeGrid({ sizeIncrement = 1 }: InstrumentDefinition): StepGrid {
  let grid = grids.get(sizeIncrement);
  if (grid === undefined) grids.set(sizeIncrement, (grid = new StepGrid(sizeIncrement)));
  return grid;
}

/** Price × quantity × multiplier ÷ magnifier, in the instrument's currency. `lots` are increments, signed. */
export function valueOf(instrument: InstrumentDefinition, lots: number, price: number): Money {
  const { sizeIncrement = 1, multiplier = 1, priceMagnifier = 1 } = instrument;
  const sizeDecimals = decimalsOf(sizeIncrement);
  const multiplierDecimals = decimalsOf(multiplier);
  const units = BigInt(lots) * BigInt(toScaled(sizeIncrement, sizeDecimals));
  const product = units * BigInt(toScaled(price, PRICE_DECIMALS)) * BigInt(toScaled(multiplier, multiplierDecimals));
  // Instruments of 1e-8 steps at prices of eight decimals fill the 18 decimals of money; whole multipliers leave them alone.
  const spare = MONEY_DECIMALS - PRICE_DECIMALS - sizeDecimals - multiplierDecimals;
  return (product * moneyPower(spare)) / BigInt(priceMagnifier);
}

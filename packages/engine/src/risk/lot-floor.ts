import { StepGrid, type Instrument } from '@bookrunner/sdk';

const grids = new Map<number, StepGrid>();

/**
 * The largest quantity an order may have that is not above `qty`: rounded down to the lot, and 0 where that is below the
 * instrument's `minQty`. A quantity within 1e-9 of a lot counts as that lot. Unsigned units.
 */
export function lotFloor(qty: number, instrument: Pick<Instrument, 'lotStep' | 'minQty'>): number {
  let grid = grids.get(instrument.lotStep);
  if (grid === undefined) {
    grid = new StepGrid(instrument.lotStep);
    grids.set(instrument.lotStep, grid);
  }
  const floored = grid.round(qty, 'down');
  return floored >= instrument.minQty ? floored : 0;
}

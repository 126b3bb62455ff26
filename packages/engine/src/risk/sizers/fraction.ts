import type { SizerContribution, SizingRequest } from '@bookrunner/sdk';
import { z } from 'zod';
import { equitySizer, refuseSize, sizeMoney } from './sizing.js';

const fractionOptions = z.strictObject({
  fraction: z
    .number()
    .positive()
    .default(1)
    .describe('Part of the allocated equity that a share of 1 invests; default 1.'),
  maxLeverage: z
    .number()
    .positive()
    .optional()
    .describe('Largest gross exposure of the strategy as a multiple of its allocated equity; no limit where left out.'),
});

/** Options of {@link fraction} after the schema. */
export type FractionOptions = Readonly<z.output<typeof fractionOptions>>;

/** A fraction of the allocated equity: `share × fraction × equity / (price × unit value)`. */
export const fraction: SizerContribution<FractionOptions> = {
  options: fractionOptions,
  create: (options) =>
    equitySizer((request) => {
      const money = options.fraction * request.equity;
      if (options.maxLeverage === undefined) return sizeMoney(request, money);
      const allowed = options.maxLeverage * request.equity;
      const elsewhere = exposureElsewhere(request);
      if (!(elsewhere < allowed)) return refuseSize('RISK_SIZE_LEVERAGE', elsewhere, allowed);
      const room = (allowed - elsewhere) / Math.abs(request.share);
      return sizeMoney(request, Math.min(money, room));
    }),
};

/** Exposure of the strategy without its position in this instrument. */
function exposureElsewhere({ grossExposure, currentQty, price, unitValue }: SizingRequest): number {
  const here = Math.abs(currentQty * price) * unitValue;
  return Math.max(0, grossExposure - (Number.isNaN(here) ? 0 : here));
}

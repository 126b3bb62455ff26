import { atr as atrFeature, type SizerContribution } from '@bookrunner/sdk';
import { z } from 'zod';
import { equitySizer, refuseSize, refuseVolatility, sizeOf } from './sizing.js';

const atrOptions = z.strictObject({
  riskBps: z
    .number()
    .positive()
    .default(25)
    .describe('Loss at the stop, in basis points of the allocated equity, that a share of 1 accepts; default 25.'),
  stopMult: z.number().positive().default(1.5).describe('Distance of the stop in average true ranges; default 1.5.'),
  period: z
    .int()
    .min(1)
    .default(14)
    .describe("Bars of the average true range, on the strategy's first timeframe; default 14."),
});

/** Options of {@link atr} after the schema. */
export type AtrOptions = Readonly<z.output<typeof atrOptions>>;

/**
 * Units that lose `riskBps` of equity when the price moves `stopMult` average true ranges against them:
 * `equity × riskBps / 10,000 / (atr × stopMult × pointValue)`. `atr` in price units; `pointValue` is money, in the currency of
 * equity, for a move of 1.0 on one unit. NaN where an input is NaN or atr, pointValue or stopMult are not above 0.
 * Source: C. Faith, "Way of the Turtle", 2007, and V. K. Tharp, "Trade Your Way to Financial Freedom", 1998: percent-risk and
 * percent-volatility position sizing.
 */
export function atrBasedSize(equity: number, riskBps: number, atr: number, pointValue: number, stopMult = 1.5): number {
  if (!(atr > 0 && pointValue > 0 && stopMult > 0)) return Number.NaN;
  return (equity * (riskBps / 10_000)) / (atr * stopMult * pointValue);
}

/** Equal risk at the stop: `share × atrBasedSize`. */
export const atr: SizerContribution<AtrOptions> = {
  options: atrOptions,
  features: ({ period }) => ({ atr: atrFeature(period) }),
  create: ({ riskBps, stopMult, period }) =>
    equitySizer(({ share, equity, unitValue, price, features }) => {
      const range = features['atr'] ?? Number.NaN;
      const refusal = refuseVolatility(range, period);
      if (refusal !== undefined) return refusal;
      const units = atrBasedSize(equity, riskBps, range, unitValue, stopMult);
      return Number.isFinite(units) ? sizeOf(share, units) : refuseSize('RISK_SIZE_PRICE', price, unitValue);
    }),
};

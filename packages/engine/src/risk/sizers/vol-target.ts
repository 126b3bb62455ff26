import { realisedVolatility, type SizerContribution } from '@bookrunner/sdk';
import { z } from 'zod';
import { equitySizer, refuseVolatility, sizeMoney } from './sizing.js';

const volTargetOptions = z.strictObject({
  targetVol: z.number().positive().default(0.1).describe('Volatility per year to hold, 0.1 is 10 %; default 0.1.'),
  period: z
    .int()
    .min(2)
    .default(20)
    .describe("Bars of the realised volatility, on the strategy's first timeframe; default 20."),
  periodsPerYear: z
    .number()
    .positive()
    .describe(
      'Bars in a year of that timeframe: 252 for daily bars of a stock exchange, 98,280 for its one-minute bars.',
    ),
  cap: z.number().positive().default(2).describe('Largest exposure as a multiple of the allocated equity; default 2.'),
});

/** Options of {@link volTarget} after the schema. */
export type VolTargetOptions = Readonly<z.output<typeof volTargetOptions>>;

/**
 * The gross exposure that would have the volatility `sigmaTarget`, given that `grossExposure` has `currentSigma`:
 * `grossExposure × sigmaTarget / currentSigma`, in the unit of `grossExposure`. Both volatilities in one measure, say per year.
 * NaN where currentSigma is not above 0 or an input is NaN.
 * Source: A. Moreira and T. Muir, "Volatility-Managed Portfolios", Journal of Finance 72 (2017); C. R. Harvey et al., "The Impact
 * of Volatility Targeting", Journal of Portfolio Management 45 (2018).
 */
export function volTargetScale(sigmaTarget: number, currentSigma: number, grossExposure: number): number {
  return currentSigma > 0 ? (grossExposure * sigmaTarget) / currentSigma : Number.NaN;
}

/** Equal volatility: the allocated equity scaled by `targetVol / realised volatility`, at most `cap` times, and by the share. */
export const volTarget: SizerContribution<VolTargetOptions> = {
  options: volTargetOptions,
  features: ({ period, periodsPerYear }) => ({ sigma: realisedVolatility(period, { periodsPerYear }) }),
  create: ({ targetVol, cap, period }) =>
    equitySizer((request) => {
      const sigma = request.features['sigma'] ?? Number.NaN;
      const refusal = refuseVolatility(sigma, period + 1);
      if (refusal !== undefined) return refusal;
      return sizeMoney(request, Math.min(volTargetScale(targetVol, sigma, request.equity), cap * request.equity));
    }),
};

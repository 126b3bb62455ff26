import type { SizerContribution } from '@bookrunner/sdk';
import { z } from 'zod';
import { equitySizer, sizeMoney } from './sizing.js';

const kellyOptions = z
  .strictObject({
    winRate: z.number().gt(0).lt(1).optional().describe('Share of trades that win, 0 to 1; together with payoff.'),
    payoff: z.number().positive().optional().describe('Average win divided by average loss; together with winRate.'),
    mean: z.number().optional().describe('Mean excess return of a period, as a fraction; together with variance.'),
    variance: z
      .number()
      .positive()
      .optional()
      .describe('Variance of the return of the same period; together with mean.'),
    fraction: z
      .number()
      .gt(0)
      .max(1)
      .default(0.5)
      .describe('Part of the Kelly bet that is taken; default 0.5, half Kelly, for an edge that is only estimated.'),
    cap: z
      .number()
      .positive()
      .default(1)
      .describe('Largest exposure as a multiple of the allocated equity; default 1.'),
  })
  .refine(
    (options) => isPair(options.winRate, options.payoff) !== isPair(options.mean, options.variance) && !isHalf(options),
    {
      error: 'give winRate and payoff, or mean and variance',
    },
  )
  .refine((options) => isHalf(options) || !(kellyOf(options) <= 0), {
    error: 'these numbers have no edge: the Kelly bet is 0 or below, so nothing would ever be traded',
  });

/** Options of {@link kelly} after the schema. */
export type KellyOptions = Readonly<z.output<typeof kellyOptions>>;

/**
 * The fraction of equity that grows it fastest, for bets that win `payoff` with chance `winRate` and lose 1 otherwise:
 * `winRate − (1 − winRate) / payoff`. Negative without an edge.
 * Source: J. L. Kelly, "A New Interpretation of Information Rate", Bell System Technical Journal 35 (1956).
 */
export function kellyFraction(winRate: number, payoff: number): number {
  return winRate - (1 - winRate) / payoff;
}

/**
 * The same for returns close to normal: `mean / variance` of one period's excess return, a multiple of equity.
 * Source: E. O. Thorp, "The Kelly Criterion in Blackjack, Sports Betting, and the Stock Market", 2006.
 */
export function kellyLeverage(mean: number, variance: number): number {
  return mean / variance;
}

/** A part of the Kelly bet of a known edge: `share × min(fraction × kelly, cap) × equity / (price × unit value)`. */
export const kelly: SizerContribution<KellyOptions> = {
  options: kellyOptions,
  create: (options) => {
    const multiple = Math.min(options.fraction * kellyOf(options), options.cap);
    return equitySizer((request) => sizeMoney(request, multiple * request.equity));
  },
};

interface Edge {
  readonly winRate?: number | undefined;
  readonly payoff?: number | undefined;
  readonly mean?: number | undefined;
  readonly variance?: number | undefined;
}

function kellyOf({ winRate, payoff, mean, variance }: Edge): number {
  if (winRate !== undefined && payoff !== undefined) return kellyFraction(winRate, payoff);
  return kellyLeverage(mean ?? Number.NaN, variance ?? Number.NaN);
}

function isPair(first: number | undefined, second: number | undefined): boolean {
  return first !== undefined && second !== undefined;
}

/** Whether one number of a pair is given without the other. */
function isHalf({ winRate, payoff, mean, variance }: Edge): boolean {
  return (winRate === undefined) !== (payoff === undefined) || (mean === undefined) !== (variance === undefined);
}

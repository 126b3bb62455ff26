import { atr, defineStrategy, zscore } from '@bookrunner/sdk';
import { z } from 'zod';

const params = z
  .strictObject({
    lookback: z.int().min(2).default(20).describe('Bars of the mean and the deviation.'),
    enter: z.number().positive().default(2).describe('Deviations from the mean at which to enter against the move.'),
    exit: z.number().nonnegative().default(0.5).describe('Deviations from the mean at which to leave.'),
    atrLength: z.int().min(1).default(14).describe('Bars of the average true range that measures the stop.'),
    stopAtr: z
      .number()
      .positive()
      .optional()
      .describe('Stop this many average true ranges beyond the entry; none if absent.'),
  })
  .refine((p) => p.exit < p.enter, { path: ['exit'], error: 'exit has to be below enter' });

/** The side to hold at a z-score: in at `enter` against the move, out once back within `exit`. */
function nextSide(side: number, score: number, bands: { readonly enter: number; readonly exit: number }): number {
  if (score <= -bands.enter) return 1;
  if (score >= bands.enter) return -1;
  const isBack = side > 0 ? score >= -bands.exit : score <= bands.exit;
  return isBack ? 0 : side;
}

/**
 * Buys when the close is `enter` deviations below its mean, sells when as far above, and goes flat when back within `exit`.
 * With `stopAtr` every entry carries a stop that many average true ranges away.
 */
export const meanReversion = defineStrategy({
  name: 'mean-reversion',
  params,
  features: (p) => ({ score: zscore(p.lookback), range: atr(p.atrLength) }),
  /** The side wished for: -1, 0 or 1. */
  state: () => ({ side: 0 }),
  onBar({ bar, features, params: p, state }) {
    const { score, range } = features;
    // No deviation, no score: a flat market says nothing about the position.
    if (Number.isNaN(score)) return undefined;
    const side = nextSide(state.side, score, p);
    if (side === state.side) return undefined;
    state.side = side;
    // Without a range, as in a market that stood still, a stop would sit at the entry itself.
    if (side === 0 || p.stopAtr === undefined || !(range > 0)) return side;
    return { share: side, protect: { stop: bar.close - side * p.stopAtr * range } };
  },
});

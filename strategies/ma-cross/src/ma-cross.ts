import { defineStrategy, sma } from '@bookrunner/sdk';
import type { ProtectInstruction, TargetPosition } from '@bookrunner/sdk';
import { z } from 'zod';

const params = z
  .strictObject({
    fast: z.int().min(1).default(10).describe('Bars of the fast average.'),
    slow: z.int().min(2).default(30).describe('Bars of the slow average.'),
    stopDistance: z
      .number()
      .positive()
      .optional()
      .describe('Stop this far behind the entry bar’s close, in price units.'),
    targetDistance: z.number().positive().optional().describe('Take-profit this far ahead of it, in price units.'),
  })
  .refine((p) => p.fast < p.slow, { path: ['fast'], error: 'fast has to be shorter than slow' });

/** A side of +1 or -1 with protection at the distances given from the close. */
function protectedSide(side: 1 | -1, close: number, p: z.output<typeof params>): TargetPosition {
  return { share: side, protect: protection(side, close, p) };
}

function protection(side: 1 | -1, close: number, p: z.output<typeof params>): ProtectInstruction {
  const { stopDistance, targetDistance } = p;
  // Written out, since spreading optional fields costs more than the rest of the strategy.
  if (stopDistance === undefined) return { takeProfit: close + side * (targetDistance ?? Number.NaN) };
  const stop = close - side * stopDistance;
  return targetDistance === undefined ? { stop } : { stop, takeProfit: close + side * targetDistance };
}

/**
 * Long while the fast average of closes is above the slow one, short while below, unchanged while they are equal. Always in the
 * market once warm. Without protection it answers plain numbers and allocates nothing; with protection it answers only when the
 * side changes.
 */
export const maCross = defineStrategy({
  name: 'ma-cross',
  params,
  features: (p) => ({ fast: sma(p.fast), slow: sma(p.slow) }),
  /** `side` is the last protected side: 0 before the first. */
  state: () => ({ side: 0 }),
  // The averages remember all that is needed: the window would only cost memory.
  lookback: () => 1,
  onBar(context) {
    const { fast, slow } = context.features;
    if (fast === slow) return undefined;
    const side = fast > slow ? 1 : -1;
    const p = context.params;
    if (p.stopDistance === undefined && p.targetDistance === undefined) return side;
    const { state } = context;
    if (side === state.side) return undefined;
    state.side = side;
    return protectedSide(side, context.bar.close, p);
  },
});

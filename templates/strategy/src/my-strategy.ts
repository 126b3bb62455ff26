import { atr, defineStrategy, sma } from '@bookrunner/sdk';
import { z } from 'zod';

/** Long while the close is above its average, with a stop below; flat while it is not. */
export const myStrategy = defineStrategy({
  name: 'my-strategy',
  params: z.strictObject({
    length: z.int().min(2).default(50).describe('Bars of the average.'),
    stopAtr: z.number().positive().default(3).describe('Stop this many average true ranges below the entry.'),
  }),
  features: (p) => ({ average: sma(p.length), range: atr(14) }),
  state: () => ({ isLong: false }),
  onBar({ bar, features, params, state }) {
    const isLong = bar.close > features.average;
    if (isLong === state.isLong) return undefined;
    state.isLong = isLong;
    if (!isLong || !(features.range > 0)) return isLong ? 1 : 0;
    return { share: 1, protect: { stop: bar.close - params.stopAtr * features.range } };
  },
});

import { atr, defineStrategy, donchian } from '@bookrunner/sdk';
import { z } from 'zod';

const params = z
  .strictObject({
    entryLength: z.int().min(2).default(20).describe('Bars of the channel whose break enters.'),
    exitLength: z.int().min(1).default(10).describe('Bars of the channel whose break leaves.'),
    atrLength: z.int().min(1).default(14).describe('Bars of the average true range that measures the stop.'),
    stopAtr: z
      .number()
      .positive()
      .default(2)
      .describe('Stop this many average true ranges from the entry bar’s close.'),
    direction: z.enum(['both', 'long', 'short']).default('both').describe('Sides that may be entered.'),
  })
  .refine((p) => p.exitLength <= p.entryLength, {
    path: ['exitLength'],
    error: 'exitLength cannot exceed entryLength',
  });

/** Channels as they stood before a bar: a bar cannot break a channel that includes it. */
interface Channels {
  side: number;
  entryUpper: number;
  entryLower: number;
  exitUpper: number;
  exitLower: number;
}

/** The side to hold after a close. Comparisons with NaN are false: before the channels are known nothing breaks. */
function nextSide(channels: Channels, close: number, direction: z.output<typeof params>['direction']): number {
  if (close > channels.entryUpper && direction !== 'short') return 1;
  if (close < channels.entryLower && direction !== 'long') return -1;
  const isOut = channels.side > 0 ? close < channels.exitLower : close > channels.exitUpper;
  return channels.side !== 0 && isOut ? 0 : channels.side;
}

/**
 * Enters when the close breaks the channel of the bars before it, leaves when it breaks the shorter one on the other side.
 * Every entry carries a stop `stopAtr` average true ranges from its close.
 */
export const breakout = defineStrategy({
  name: 'breakout',
  params,
  features: (p) => ({ entry: donchian(p.entryLength), exit: donchian(p.exitLength), range: atr(p.atrLength) }),
  // NaN until the first bar: the codec of states keeps it.
  state: (): Channels => ({
    side: 0,
    entryUpper: Number.NaN,
    entryLower: Number.NaN,
    exitUpper: Number.NaN,
    exitLower: Number.NaN,
  }),
  onBar({ bar, features, params: p, state }) {
    const { entry, exit, range } = features;
    const before = state.side;
    const side = nextSide(state, bar.close, p.direction);
    state.side = side;
    state.entryUpper = entry.upper;
    state.entryLower = entry.lower;
    state.exitUpper = exit.upper;
    state.exitLower = exit.lower;
    if (side === before) return undefined;
    if (side === 0 || !(range > 0)) return side;
    return { share: side, protect: { stop: bar.close - side * p.stopAtr * range } };
  },
});

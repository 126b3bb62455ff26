import { z } from 'zod';

const money = z.number().nonnegative();

/** How an execution's fee is computed, in the quote currency. Minimums and maximums hold per order, over all its fills. */
export const feeOptions = z.discriminatedUnion('model', [
  z.strictObject({ model: z.literal('none') }),
  z.strictObject({
    model: z.literal('per-unit'),
    amount: money.describe('Money per unit traded.'),
  }),
  z.strictObject({
    model: z.literal('per-share'),
    amount: money.describe('Money per share.'),
    minimum: money.default(0).describe('Least money per order; 0 for none.'),
    maximumPct: money.optional().describe('Most, in percent of the value traded; overrides the minimum.'),
  }),
  z.strictObject({
    model: z.literal('per-lot'),
    amount: money.describe('Money per lot; parts of a lot pay their part.'),
    lotSize: z.number().positive().optional().describe('Units of a lot; the lot step of the instrument by default.'),
  }),
  z.strictObject({
    model: z.literal('bps'),
    bps: money.describe('Hundredths of a percent of the value traded.'),
    minimum: money.default(0).describe('Least money per order; 0 for none.'),
  }),
  z.strictObject({
    model: z.literal('maker-taker'),
    makerBps: z.number().describe('Bps of the value of a fill that gave liquidity; negative is a rebate.'),
    takerBps: z.number().describe('Bps of the value of a fill that took liquidity.'),
  }),
]);

/** By how much a fill that takes liquidity is worse than the price it was matched at. Never beyond a limit price. */
export const slippageOptions = z.discriminatedUnion('model', [
  z.strictObject({ model: z.literal('none') }),
  z.strictObject({ model: z.literal('ticks'), ticks: money.describe('Price steps.') }),
  z.strictObject({ model: z.literal('bps'), bps: money.describe('Hundredths of a percent of the price.') }),
  z.strictObject({
    model: z.literal('spread'),
    share: money.describe('Share of the spread: the last quote, else `assumedSpreadTicks`.'),
  }),
  z.strictObject({
    model: z.literal('volume-impact'),
    impactBps: money.describe('Bps of the price at a quantity equal to the volume of the bar or tick.'),
    exponent: z.number().positive().max(2).default(0.5).describe('Power of quantity / volume; 0.5 is the square root.'),
  }),
]);

/** What holding a position over the end of the trading day costs; a negative amount is a credit or debit as the field says. */
export const financingOptions = z.discriminatedUnion('model', [
  z.strictObject({ model: z.literal('none') }),
  z.strictObject({
    model: z.literal('rate'),
    longPct: z.number().describe('Annual percent that a long position pays on its value; negative is a credit.'),
    shortPct: z.number().describe('Annual percent that a short position pays on its value; negative is a credit.'),
    dayCount: z.number().positive().default(365).describe('Days of a year.'),
  }),
  z.strictObject({
    model: z.literal('swap-points'),
    longPoints: z.number().describe('Price steps a long position receives per unit and day; negative pays.'),
    shortPoints: z.number().describe('Price steps a short position receives per unit and day; negative pays.'),
    tripleDay: z
      .enum(['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'none'])
      .default('wednesday')
      .describe('Trading day whose end counts three days.'),
  }),
]);

const latencyOptions = z.strictObject({
  submitMs: money.default(0).describe('Milliseconds from sending an order to its arrival at the venue.'),
  cancelMs: money.default(0).describe('Milliseconds a cancel takes.'),
  replaceMs: money.default(0).describe('Milliseconds a replace takes.'),
});

const marginOptions = z.strictObject({
  maintenance: z
    .number()
    .min(0)
    .max(1)
    .default(0.75)
    .describe('Share of the initial margin of the positions below which equity brings a margin call.'),
  onCall: z
    .enum(['liquidate', 'cancel-entries'])
    .default('liquidate')
    .describe('What a margin call does: close all positions at the next prices, or only cancel the entries.'),
});

const instrumentOptions = z.strictObject({
  fees: feeOptions.optional().describe('In place of `fees`.'),
  slippage: slippageOptions.optional().describe('In place of `slippage`.'),
  financing: financingOptions.optional().describe('In place of `financing`.'),
  shortSale: z.boolean().optional().describe('In place of `shortSale`.'),
});

/** Options of the simulated venue, as in engine.yaml: `venues: { paper: { use: simulated, options: … } }`. */
export const simulatedVenueOptions = z.strictObject({
  fill: z
    .enum(['next-open', 'this-close', 'next-tick', 'cross-spread'])
    .default('next-open')
    .describe('Price of a market order; see docs/simulated-venue.md. `this-close` is optimistic.'),
  limitFill: z
    .enum(['touch', 'through'])
    .default('touch')
    .describe('Whether a resting limit fills when its price is touched, or only when the market goes through it.'),
  volumeShare: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe('Share of the volume of a bar or tick that fills may take; 0 is off, orders fill whole.'),
  assumedSpreadTicks: money.default(0).describe('Spread in price steps where the data has no quotes.'),
  slippage: slippageOptions.default({ model: 'none' }).describe('Cost of taking liquidity, in price.'),
  fees: feeOptions.default({ model: 'none' }).describe('Commission per fill.'),
  financing: financingOptions.default({ model: 'none' }).describe('Cost of positions held over the day end.'),
  latency: latencyOptions.prefault({}).describe('Delays in kernel time; 0 unless told otherwise.'),
  shortSale: z.boolean().default(true).describe('Whether a position may go below zero.'),
  margin: marginOptions.optional().describe('Margin check and margin call; absent switches both off.'),
  initialCash: z
    .record(z.string(), z.number())
    .default({})
    .describe('Cash by currency of each account for which the runtime names none.'),
  executionHistory: z.int().min(0).max(1_000_000).default(1_000).describe('Executions a snapshot lists at most.'),
  instruments: z.record(z.string(), instrumentOptions).default({}).describe('Differences by symbol.'),
});

/** Options after the schema: complete and checked. */
export type SimulatedVenueOptions = z.output<typeof simulatedVenueOptions>;

/** A fee model's options. */
export type FeeOptions = z.output<typeof feeOptions>;

/** A slippage model's options. */
export type SlippageOptions = z.output<typeof slippageOptions>;

/** A financing model's options. */
export type FinancingOptions = z.output<typeof financingOptions>;

/** Margin options. */
export type MarginOptions = z.output<typeof marginOptions>;

/** Whether a run with these options fills at prices nobody could have traded at; reports have to say so. */
export function isOptimistic(options: Pick<SimulatedVenueOptions, 'fill'>): boolean {
  return options.fill === 'this-close';
}

/** Whether nothing that is traded with these options costs a fee. */
export function hasNoFees({ fees, instruments }: Pick<SimulatedVenueOptions, 'fees' | 'instruments'>): boolean {
  return [fees, ...Object.values(instruments).map((own) => own.fees ?? fees)].every(({ model }) => model === 'none');
}

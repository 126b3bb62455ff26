import { defineInstrument } from '@bookrunner/sdk';
import type { Instrument, InstrumentOptions } from '@bookrunner/sdk';
import { z } from 'zod';

const instrumentSchema = z.looseObject({ symbol: z.string().min(1), assetClass: z.string(), quote: z.string() });

const marketSchema = z.strictObject({
  startPrice: z.number().positive().optional().describe('First price; without one the market waits for a quote.'),
  moveSteps: z.int().min(0).default(4).describe('Largest move of a tick, in price steps.'),
  spreadSteps: z.int().min(1).default(2),
});

/** What the broker is started with; complete by default. A quantity is in units, an amount in the account's currency. */
export const brokerOptionsSchema = z.strictObject({
  host: z.string().default('127.0.0.1'),
  port: z.int().min(0).default(0).describe('0 takes any that is free.'),
  seed: z.int().default(1).describe('Equal seeds give equal prices and equal chances of faults.'),
  instruments: z
    .array(instrumentSchema)
    .min(1)
    .default([{ symbol: 'ACME', assetClass: 'equity', quote: 'USD' }]),
  markets: z.record(z.string(), marketSchema).default({}).describe('Per symbol; one not named starts at 100.'),
  accounts: z
    .array(
      z.strictObject({
        id: z.string().min(1),
        currency: z.string().default('USD'),
        cash: z.number().default(1e6),
        settlement: z
          .enum(['cash', 'margin'])
          .default('cash')
          .describe('`margin`: positions are not paid for, cash is what was paid in and realised.'),
      }),
    )
    .min(1)
    .default([{ id: 'practice', currency: 'USD', cash: 1e6, settlement: 'cash' }]),
  tickEveryMs: z.number().min(0).default(1000).describe('0: only when a control connection says `tick`.'),
  feePerUnit: z.number().default(0),
  feeCurrency: z.string().optional().describe("What fees are paid in; the account's currency unless given."),
  commissions: z.enum(['in-fill', 'later']).default('in-fill'),
  maxUnitsPerFill: z.number().positive().default(Number.MAX_SAFE_INTEGER),
  fillsPerTick: z.int().min(1).default(Number.MAX_SAFE_INTEGER).describe('Fills of one order on one tick.'),
  executionsKeptMs: z
    .number()
    .positive()
    .default(Number.MAX_SAFE_INTEGER)
    .describe('How far back snapshots list executions.'),
});

/** Options of the broker, as a person gives them. */
export type BrokerOptions = Omit<z.input<typeof brokerOptionsSchema>, 'instruments'> & {
  readonly instruments?: readonly InstrumentOptions[];
};

/** Options of the broker, complete and checked. */
export type BrokerSettings = Omit<z.output<typeof brokerOptionsSchema>, 'instruments'> & {
  readonly instruments: readonly Instrument[];
};

/** Completes and checks options. Errors: INSTRUMENT_INVALID, and those of zod. */
export function readBrokerOptions(options: BrokerOptions): BrokerSettings {
  const { instruments, ...rest } = brokerOptionsSchema.parse(options);
  return { ...rest, instruments: instruments.map((item) => defineInstrument(item as unknown as InstrumentOptions)) };
}

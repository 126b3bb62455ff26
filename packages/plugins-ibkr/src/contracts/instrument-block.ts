// The block `venues.<name>` of an instrument in engine.yaml, as this plugin reads it.
import type { Instrument } from '@bookrunner/sdk';
import { z } from 'zod';
import { ibkrError } from '../ibkr-errors.js';

/** Types of contracts that one instrument can be. Combinations are orders, not instruments. */
const SECURITY_TYPES: readonly string[] = [
  ...['STK', 'CASH', 'FUT', 'CONTFUT', 'OPT', 'FOP', 'IND', 'CFD', 'CRYPTO', 'BOND', 'CMDTY', 'FUND', 'WAR'],
];

const text = z.union([z.string().trim().min(1), z.number()]).transform(String);

/** 202609, 20260918, 2026-09, 2026-09-18: all without hyphens. */
const expiry = z
  .union([z.string(), z.number()])
  .transform((value) => String(value).trim().replaceAll('-', ''))
  .refine((value) => /^\d{4}(0[1-9]|1[0-2])(\d{2})?$/.test(value), 'expected YYYYMM or YYYYMMDD, such as 202609');

const right = z
  .string()
  .transform((value) => value.trim().toUpperCase().slice(0, 1))
  .refine((value) => value === 'C' || value === 'P', 'expected C or P');

/** Schema of the block. Everything may be left out that the instrument itself says. */
export const instrumentBlock = z.strictObject({
  symbol: text.optional().describe("IB's symbol; `EUR.USD` for a currency pair. The instrument's own unless given."),
  secType: z
    .string()
    .transform((value) => value.trim().toUpperCase())
    .refine((value) => SECURITY_TYPES.includes(value), `expected one of ${SECURITY_TYPES.join(', ')}`)
    .optional()
    .describe('Type of contract; follows from assetClass unless given.'),
  exchange: text.optional().describe('Where orders and data requests go: SMART, IDEALPRO, CME.'),
  primary: text.optional().describe('Primary exchange, which tells apart stocks of one symbol: NASDAQ.'),
  currency: text.optional().describe("Currency of the contract; the instrument's quote unless given."),
  expiry: expiry.optional().describe('Contract month or last trading day: 202609, 2026-09-18.'),
  strike: z.coerce.number().positive().optional().describe('Strike price of an option.'),
  right: right.optional().describe('C or P.'),
  multiplier: z.coerce.number().positive().optional().describe('Units in one contract, where IB has several.'),
  localSymbol: text.optional().describe('Symbol at the exchange: ESU6.'),
  tradingClass: text.optional().describe('Trading class: SPXW.'),
  conId: z.coerce.number().int().positive().optional().describe("IB's id of the contract: names it without doubt."),
});

/** The block after its schema. */
export type InstrumentBlock = z.output<typeof instrumentBlock>;

/** Reads the block of a venue or feed; an empty one where the instrument has none. Errors: IBKR_CONTRACT_INVALID. */
export function readInstrumentBlock(instrument: Instrument, name: string): InstrumentBlock {
  const parsed = instrumentBlock.safeParse(instrument.venues[name] ?? {});
  if (parsed.success) return parsed.data;
  const known = Object.keys(instrumentBlock.shape).join(', ');
  const problems = parsed.error.issues.map((issue) =>
    issue.code === 'unrecognized_keys'
      ? `unknown ${issue.keys.map((key) => `'${key}'`).join(', ')}; known are ${known}`
      : `${issue.path.join('.') || 'the block'}: ${issue.message}`,
  );
  throw ibkrError('IBKR_CONTRACT_INVALID', `instruments.${instrument.symbol}.venues.${name}: ${problems.join('; ')}.`, {
    details: { symbol: instrument.symbol, venue: name },
  });
}

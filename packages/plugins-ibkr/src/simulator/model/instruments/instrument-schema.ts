// What an instrument has to look like that comes from a file or a program.
import { z } from 'zod';
import type { InstrumentDefinition } from './instrument-definition.js';

const text = z.string().min(1);
const positive = z.number().positive();

/** Every member of an instrument. */
const members = {
  conId: z.int().positive(),
  symbol: text,
  secType: z.enum(['STK', 'CASH', 'FUT', 'OPT', 'IND', 'CFD', 'CRYPTO']),
  currency: z.string().length(3),
  exchanges: z.array(text).min(1),
  primaryExchange: text.optional(),
  localSymbol: text.optional(),
  tradingClass: text.optional(),
  longName: text.optional(),
  multiplier: positive.optional(),
  expiry: z
    .string()
    .regex(/^\d{8}$/, 'has to be yyyymmdd')
    .optional(),
  expiryTime: text.optional(),
  strike: positive.optional(),
  right: z.enum(['C', 'P']).optional(),
  underlying: z.int().positive().optional(),
  priceMagnifier: z.int().positive().optional(),
  priceIncrements: z.array(z.strictObject({ lowEdge: z.number().min(0), increment: positive })).min(1),
  minSize: positive.optional(),
  sizeIncrement: positive.optional(),
  calendar: text,
  extendedHours: z.tuple([text, text]).optional(),
  timeZone: text,
  startPrice: positive,
  spreadSteps: z.int().positive().optional(),
  minuteVolatility: positive.optional(),
  quoteSize: positive.optional(),
  marginRate: positive.optional(),
  industry: z.string().optional(),
  category: z.string().optional(),
  stockType: z.string().optional(),
} satisfies Record<keyof InstrumentDefinition, z.ZodType>;

/** An instrument with all that it has to have, and nothing else. */
export const instrumentSchema = z.strictObject(members);

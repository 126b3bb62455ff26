import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import type { InstrumentDefinition } from '../model/instruments/instrument-definition.js';
import { simulatorError } from '../simulator-errors.js';

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

const instrumentsSchema = z.array(z.strictObject(members)).min(1);

/** Reads instruments from a YAML or JSON file: a list, or an object with one under `instruments`. Errors: SIMULATOR_INSTRUMENTS. */
export function readInstrumentsFile(path: string): readonly InstrumentDefinition[] {
  const content = readYaml(path);
  const list: unknown =
    typeof content === 'object' && content !== null && 'instruments' in content ? content.instruments : content;
  const checked = instrumentsSchema.safeParse(list);
  // A file has no members that are there and undefined, which is all that the types differ in.
  if (checked.success) return checked.data as readonly InstrumentDefinition[];
  const faults = checked.error.issues.map((issue) => `${placeOf(issue.path)}: ${issue.message}`);
  throw simulatorError('SIMULATOR_INSTRUMENTS', `${path}: ${faults.join('; ')}.`);
}

function readYaml(path: string): unknown {
  try {
    // JSON is YAML.
    return parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw simulatorError('SIMULATOR_INSTRUMENTS', `${path} cannot be read: ${reason}.`, { cause: error });
  }
}

function placeOf(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'the list';
  return path.map((part) => (typeof part === 'number' ? `[${part}]` : String(part))).join('.');
}

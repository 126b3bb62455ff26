import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import type { InstrumentDefinition } from '../model/instruments/instrument-definition.js';
import { simulatorError } from '../simulator-errors.js';

const text = z.string().min(1);
const positive = z.number().positive();

const instrumentSchema = z.strictObject({
  conId: z.int().positive(),
  symbol: text,
  secType: z.enum(['STK', 'CASH', 'FUT', 'OPT', 'IND', 'CFD', 'CRYPTO']),
  currency: z.string().length(3),
  exchanges: z.array(text).min(1),
  primaryExchange: text.exactOptional(),
  localSymbol: text.exactOptional(),
  tradingClass: text.exactOptional(),
  longName: text.exactOptional(),
  multiplier: positive.exactOptional(),
  expiry: z
    .string()
    .regex(/^\d{8}$/, 'has to be yyyymmdd')
    .exactOptional(),
  expiryTime: text.exactOptional(),
  strike: positive.exactOptional(),
  right: z.enum(['C', 'P']).exactOptional(),
  underlying: z.int().positive().exactOptional(),
  priceMagnifier: z.int().positive().exactOptional(),
  priceIncrements: z.array(z.strictObject({ lowEdge: z.number().min(0), increment: positive })).min(1),
  minSize: positive.exactOptional(),
  sizeIncrement: positive.exactOptional(),
  calendar: text,
  extendedHours: z.tuple([text, text]).exactOptional(),
  timeZone: text,
  startPrice: positive,
  spreadSteps: z.int().positive().exactOptional(),
  minuteVolatility: positive.exactOptional(),
  quoteSize: positive.exactOptional(),
  marginRate: positive.exactOptional(),
  industry: z.string().exactOptional(),
  category: z.string().exactOptional(),
  stockType: z.string().exactOptional(),
}) satisfies z.ZodType<InstrumentDefinition>;

/** Reads instruments from a YAML or JSON file: a list, or an object with one under `instruments`. Errors: SIMULATOR_INSTRUMENTS. */
export function readInstrumentsFile(path: string): readonly InstrumentDefinition[] {
  const content = readYaml(path);
  const list: unknown =
    typeof content === 'object' && content !== null && 'instruments' in content ? content.instruments : content;
  const checked = z.array(instrumentSchema).min(1).safeParse(list);
  if (checked.success) return checked.data;
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

import type { EntryInstruction, ProtectInstruction, SignalAnswer, TargetPosition } from '../../model/signal.js';
import { describeValue } from '../canonical.js';
import { testingError } from '../errors.js';

/** One wish of an answer: the symbol and its target in long form. */
export interface Wish {
  readonly symbol: string;
  readonly target: TargetPosition;
}

const MEASURES = ['share', 'units', 'weight'] as const;
const TARGET_KEYS: ReadonlySet<string> = new Set([...MEASURES, 'entry', 'protect', 'rebalance']);
const ENTRY_KEYS: ReadonlySet<string> = new Set([
  'limit',
  'stop',
  'tif',
  'expiresAt',
] satisfies (keyof EntryInstruction)[]);
const PROTECT_KEYS: ReadonlySet<string> = new Set([
  'stop',
  'takeProfit',
  'trail',
] satisfies (keyof ProtectInstruction)[]);
const TIMES_IN_FORCE: ReadonlySet<unknown> = new Set(['DAY', 'GTC', 'IOC', 'FOK', 'GTD']);

/**
 * An answer as wishes in long form; none where the wish is unchanged. A bare number or target is for the primary symbol.
 * Errors: STRATEGY_ANSWER_INVALID for anything but the shapes of {@link SignalAnswer}, NaN above all.
 */
export function readAnswer(answer: SignalAnswer, primary: string, symbols: readonly string[]): readonly Wish[] {
  if (answer === undefined) return [];
  if (typeof answer === 'number') return [{ symbol: primary, target: checkTarget({ share: answer }, primary) }];
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer))
    throw invalid(primary, answer, 'is none of these');
  if (isTarget(answer)) return [{ symbol: primary, target: checkTarget(answer, primary) }];
  return Object.entries(answer).map(([symbol, value]) => {
    if (!symbols.includes(symbol)) throw invalid(symbol, answer, `names '${symbol}', which is not a declared symbol`);
    return { symbol, target: checkTarget(typeof value === 'number' ? { share: value } : value, symbol) };
  });
}

function isTarget(answer: object): answer is TargetPosition {
  return Object.keys(answer).some((key) => TARGET_KEYS.has(key));
}

/** The measure of a target and its value. */
export function measureOf(target: TargetPosition): {
  readonly measure: (typeof MEASURES)[number];
  readonly value: number;
} {
  const measure = MEASURES.find((name) => target[name] !== undefined) ?? 'share';
  return { measure, value: target[measure] ?? Number.NaN };
}

function checkTarget(target: unknown, symbol: string): TargetPosition {
  if (typeof target !== 'object' || target === null) throw invalid(symbol, target, 'is no target');
  const fields = target as TargetPosition;
  checkKeys(fields, TARGET_KEYS, symbol);
  if (MEASURES.filter((name) => fields[name] !== undefined).length !== 1) {
    throw invalid(symbol, target, 'needs exactly one of share, units and weight');
  }
  const { measure, value } = measureOf(fields);
  if (!Number.isFinite(value)) throw invalid(symbol, target, `has a ${measure} that is not a finite number`);
  if (measure === 'share' && Math.abs(value) > 1) throw invalid(symbol, target, 'has a share outside -1 to 1');
  if (fields.rebalance !== undefined && typeof fields.rebalance !== 'boolean') {
    throw invalid(symbol, target, 'has a rebalance that is not true or false');
  }
  checkEntry(fields.entry, symbol);
  checkProtect(fields.protect, symbol);
  return fields;
}

function checkEntry(entry: EntryInstruction | undefined, symbol: string): void {
  if (entry === undefined) return;
  checkKeys(entry, ENTRY_KEYS, symbol);
  checkNumbers({ limit: entry.limit, stop: entry.stop, expiresAt: entry.expiresAt }, symbol);
  if (entry.tif !== undefined && !TIMES_IN_FORCE.has(entry.tif)) throw invalid(symbol, entry, 'has an unknown tif');
  if (entry.tif === 'GTD' && entry.expiresAt === undefined) throw invalid(symbol, entry, 'is GTD without expiresAt');
}

function checkProtect(protect: ProtectInstruction | undefined, symbol: string): void {
  if (protect === undefined) return;
  checkKeys(protect, PROTECT_KEYS, symbol);
  checkNumbers({ stop: protect.stop, takeProfit: protect.takeProfit, trail: protect.trail }, symbol);
  if (protect.trail !== undefined && protect.trail <= 0)
    throw invalid(symbol, protect, 'has a trail that is not above 0');
}

function checkKeys(value: object, known: ReadonlySet<string>, symbol: string): void {
  const strange = Object.keys(value).find((key) => !known.has(key));
  if (strange !== undefined) throw invalid(symbol, value, `has the unknown field '${strange}'`);
}

function checkNumbers(values: Readonly<Record<string, number | undefined>>, symbol: string): void {
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && !Number.isFinite(value))
      throw invalid(symbol, values, `has a ${name} that is not finite`);
  }
}

function invalid(symbol: string, answer: unknown, what: string): Error {
  return testingError('STRATEGY_ANSWER_INVALID', `The answer for '${symbol}' ${what}: ${describeValue(answer)}.`, {
    details: { symbol },
  });
}

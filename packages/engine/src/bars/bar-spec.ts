import type { BarSpec } from '@bookrunner/sdk';
import type { z } from 'zod';
import {
  rangeBarOptions,
  tickBarOptions,
  timeBarOptions,
  valueBarOptions,
  volumeBarOptions,
  type TimeBarOptions,
} from './bar-options.js';
import { barError } from './errors.js';
import { formatTimeframe } from './timeframe.js';
import { sentence } from '../sentence.js';

const SCHEMAS: Readonly<Record<string, z.ZodType<object>>> = {
  time: timeBarOptions,
  tick: tickBarOptions,
  volume: volumeBarOptions,
  value: valueBarOptions,
  range: rangeBarOptions,
};

// Left out of a key, so that a spec and the same spec with its defaults written out have one key.
const DEFAULTS: Readonly<Record<string, unknown>> = {
  price: 'last',
  vwap: false,
  fillGaps: false,
  outsideSession: 'count',
};

/**
 * Canonical text of a bar spec, `time(price=mid, seconds=60)`: equal for specs that make equal bars, and only for these. Options
 * are in alphabetical order; built-in builders' defaults are left out. Options of other builders are taken as they stand.
 * Errors: BARS_OPTIONS_INVALID.
 */
export function barSpecKey(spec: BarSpec): string {
  const isBuiltIn = Object.hasOwn(SCHEMAS, spec.use);
  const options = isBuiltIn ? optionsOf(spec) : spec.options;
  const parts = Object.entries(options)
    .filter(([name, value]) => value !== undefined && !(isBuiltIn && DEFAULTS[name] === value))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${isBuiltIn ? String(value) : JSON.stringify(sortKeys(value))}`);
  return `${spec.use}(${parts.join(', ')})`;
}

/**
 * Seconds of the bars of a spec; NaN for bars that the clock does not close.
 * Errors: BARS_OPTIONS_INVALID.
 */
export function barSpecSeconds(spec: BarSpec): number {
  return timeOptions(spec)?.seconds ?? Number.NaN;
}

/**
 * Short name of a spec's bars for people and files: `1m` for time bars, whatever their price; the {@link barSpecKey} for others.
 * Errors: BARS_OPTIONS_INVALID.
 */
export function timeframeOf(spec: BarSpec): string {
  const options = timeOptions(spec);
  return options === undefined ? barSpecKey(spec) : formatTimeframe(options.seconds);
}

/**
 * Whether bars of `from` resample to exactly the bars that `to` would build from the ticks: both time bars of the same price,
 * lengths that divide, and the average price at hand where it is asked for.
 * Errors: BARS_OPTIONS_INVALID.
 */
export function canResample(from: BarSpec, to: BarSpec): boolean {
  const small = timeOptions(from);
  const large = timeOptions(to);
  if (small === undefined || large === undefined) return false;
  return small.price === large.price && large.seconds % small.seconds === 0 && (small.vwap || !large.vwap);
}

function timeOptions(spec: BarSpec): TimeBarOptions | undefined {
  return spec.use === 'time' ? (optionsOf(spec) as TimeBarOptions) : undefined;
}

/** The options of a built-in builder, complete. */
function optionsOf(spec: BarSpec): object {
  const parsed = SCHEMAS[spec.use]!.safeParse(spec.options);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'options'}: ${issue.message}`);
  throw barError('BARS_OPTIONS_INVALID', sentence(`Bars '${spec.use}': ${problems.join('; ')}`), {
    details: { use: spec.use, options: spec.options },
  });
}

/** The same value with the keys of every object in order. */
function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sortKeys(inner)]));
}

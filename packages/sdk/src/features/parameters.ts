// Checks of what callers give to features. All take unknown values: plugins may be written in JavaScript.
import { sdkError } from '../errors.js';
import type { TradingError } from '../errors.js';

/** Largest window: 10 million bars, 80 MB a ring. */
const MAX_LENGTH = 10_000_000;

/** FEATURE_INVALID with the feature's name in front. */
export function featureInvalid(feature: string, reason: string): TradingError {
  return sdkError('FEATURE_INVALID', `${feature}: ${reason}.`);
}

/** A whole number of bars from `smallest` to 10 million. */
export function checkLength(feature: string, length: unknown, smallest = 1): number {
  if (typeof length !== 'number' || !Number.isInteger(length) || length < smallest || length > MAX_LENGTH) {
    throw featureInvalid(
      feature,
      `the length has to be a whole number from ${smallest} to ${MAX_LENGTH} and is ${show(length)}`,
    );
  }
  return length;
}

/** A finite number above 0. */
export function checkPositive(feature: string, name: string, value: unknown): number {
  if (typeof value !== 'number' || !Number.isFinite(value) || value <= 0) {
    throw featureInvalid(feature, `${name} has to be a finite number above 0 and is ${show(value)}`);
  }
  return value;
}

/** True or false. */
export function checkBoolean(feature: string, name: string, value: unknown): boolean {
  if (typeof value !== 'boolean')
    throw featureInvalid(feature, `${name} has to be true or false and is ${show(value)}`);
  return value;
}

/** One of the given words. */
export function checkChoice<Word extends string>(
  feature: string,
  name: string,
  choice: { value: unknown; of: readonly Word[] },
): Word {
  const word = choice.of.find((known) => known === choice.value);
  if (word === undefined) {
    throw featureInvalid(feature, `${name} has to be one of ${choice.of.join(', ')} and is ${show(choice.value)}`);
  }
  return word;
}

/** The options with defaults filled in; an unknown key is an error, `undefined` counts as left out. */
export function checkOptions<Defaults extends Readonly<Record<string, unknown>>>(
  feature: string,
  options: unknown,
  defaults: Defaults,
): Readonly<Record<keyof Defaults, unknown>> {
  if (options === undefined) return defaults;
  if (typeof options !== 'object' || options === null) {
    throw featureInvalid(feature, `the options have to be an object and are ${show(options)}`);
  }
  const filled: Record<string, unknown> = { ...defaults };
  for (const [key, value] of Object.entries(options)) {
    if (!Object.hasOwn(defaults, key)) {
      throw featureInvalid(feature, `unknown option ${key}; known are ${Object.keys(defaults).join(', ')}`);
    }
    if (value !== undefined) filled[key] = value;
  }
  return filled as Record<keyof Defaults, unknown>;
}

/** `sma(10)`, or `sma(10, source=high)`: parameters, then the options that differ from their defaults. */
export function featureName(
  feature: string,
  parameters: readonly number[],
  { options, defaults }: Readonly<Record<'options' | 'defaults', Readonly<Record<string, unknown>>>>,
): string {
  const changed = Object.keys(defaults).filter((key) => options[key] !== defaults[key]);
  return `${feature}(${[...parameters, ...changed.map((key) => `${key}=${String(options[key])}`)].join(', ')})`;
}

function show(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}

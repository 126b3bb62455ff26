// What several sections of engine.yaml are made of.
import { z } from 'zod';

/** Names of strategies, books, feeds …: they end up in tags, metrics and file names. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/;
const SYMBOL = /^[A-Za-z0-9][A-Za-z0-9._:/ -]{0,31}$/;
const CURRENCY = /^[A-Z0-9]{2,12}$/;

/** Symbols that a strategy's answer could not tell from its own keys. */
export const RESERVED_SYMBOLS: readonly string[] = ['share', 'units', 'weight', 'entry', 'protect', 'rebalance'];

export const name = z
  .string()
  .regex(
    NAME,
    'A name has letters, digits, dots, dashes and underscores, starts with a letter or digit, at most 32 characters.',
  );

export const symbol = z
  .string()
  .regex(SYMBOL, 'A symbol has letters, digits and . _ : / - or blanks inside, at most 32 characters.')
  .refine((text) => !RESERVED_SYMBOLS.includes(text), {
    error: `A symbol may not be one of ${RESERVED_SYMBOLS.join(', ')}: a strategy's answer uses these words itself.`,
  });

export const currency = z
  .string()
  .regex(CURRENCY, 'A currency is an ISO 4217 code such as USD, or a crypto currency in capitals.');

/** Options of a plugin's contribution: checked by the contribution's own schema once it is loaded. */
export const options = z
  .record(z.string(), z.unknown())
  .describe('Options of the plugin; `bookrunner plugins list` shows them.');

const use = z.string().min(1).describe('Name of the contribution, as `bookrunner plugins list` shows it.');

/** A contribution of a plugin, put to use. */
export function useBlock(what: string) {
  return z.strictObject({ use, options: options.optional() }).describe(what);
}

/** A section of named entries. */
export function named<Entry extends z.ZodType>(entry: Entry) {
  return z.record(name, entry);
}

// Options of contributions through their own schema, with the places of engine.yaml.
import type { ConfigPath } from '../config/config-errors.js';
import type { ConfigSource } from '../config/config-source.js';
import { parseValue } from '../config/parse-value.js';
import { mapScalars } from '../config/plain-value.js';
import { isSecret } from '@bookrunner/sdk';
import { secretFileIssues } from '../config/secret-files.js';
import type { SchemaLike } from '../config/schema-issues.js';
import { failureAt, formatFailure, pluginError } from './plugin-errors.js';
import type { PhaseFailure } from './plugin-errors.js';

/** Anything with a schema of options; without one it takes none. */
export interface HasOptions {
  readonly options?: unknown;
}

/** Where options stand. */
export interface OptionsPlace {
  /** What they are options of, for the message: `feed 'ibkr'`. */
  readonly what: string;
  readonly path: ConfigPath;
  readonly source: ConfigSource;
}

/** Parsed options, or all that is wrong with them. */
export type CheckedOptions =
  | { readonly kind: 'parsed'; readonly options: unknown }
  | { readonly kind: 'faulty'; readonly failures: readonly PhaseFailure[] };

/** Parses raw options: variables count as numbers where asked, secrets are wrapped and their files read. */
export function checkOptions(contribution: HasOptions, raw: unknown, place: OptionsPlace): CheckedOptions {
  const where = { phase: 'options', source: place.source } as const;
  const schema = contribution.options;
  // Text from the environment was hidden while nobody knew what it is; the schema decides now.
  const shown = mapScalars(raw ?? {}, (value) =>
    isSecret(value) && value.file === undefined ? value.reveal() : value,
  );
  if (!hasSafeParse(schema)) {
    const keys = Object.keys(shown as object);
    const failures = keys.map((key) =>
      failureAt(where, [...place.path, key], {
        code: 'PLUGIN_OPTIONS_INVALID',
        message: `${place.what} takes no options.`,
        remedy: 'Remove it.',
      }),
    );
    return failures.length === 0 ? { kind: 'parsed', options: Object.freeze({}) } : { kind: 'faulty', failures };
  }
  const parsed = parseValue(schema, shown, (path) => place.source.isSubstituted([...place.path, ...path]));
  if (parsed.kind === 'parsed') return withSecretFiles(parsed.value, place);
  const failures = parsed.faults.map((fault) =>
    failureAt(where, [...place.path, ...fault.path], {
      code: 'PLUGIN_OPTIONS_INVALID',
      message: fault.message,
      ...(fault.remedy === undefined ? {} : { remedy: fault.remedy }),
    }),
  );
  return { kind: 'faulty', failures };
}

function withSecretFiles(options: unknown, place: OptionsPlace): CheckedOptions {
  const issues = secretFileIssues(options, place.path, place.source);
  if (issues.length === 0) return { kind: 'parsed', options };
  return {
    kind: 'faulty',
    failures: issues.map(({ code: _code, ...issue }) => ({ ...issue, phase: 'options', code: 'SECRET_MISSING' })),
  };
}

function hasSafeParse(schema: unknown): schema is SchemaLike {
  return typeof (schema as { safeParse?: unknown } | null | undefined)?.safeParse === 'function';
}

/**
 * Parsed options of one contribution.
 * Errors: PLUGIN_OPTIONS_INVALID with every fault, in `details.failures` too.
 */
export function parseContributionOptions(contribution: HasOptions, raw: unknown, place: OptionsPlace): unknown {
  const checked = checkOptions(contribution, raw, place);
  if (checked.kind === 'parsed') return checked.options;
  const lines = checked.failures.map((failure) => `\n  ${formatFailure(failure)}`).join('');
  throw pluginError('PLUGIN_OPTIONS_INVALID', `options of ${place.what}:${lines}\n`, {
    details: { failures: checked.failures },
  });
}

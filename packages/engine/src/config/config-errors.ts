// The codes of engine.yaml, and the one place where a list of issues becomes an error.
import { errorFactory } from '@bookrunner/sdk';
import type { ErrorTable, TradingError } from '@bookrunner/sdk';

/** Codes of configuration. Every row is a row of docs/configuration.md. */
export const CONFIG_ERRORS = {
  CONFIG_INVALID: { severity: 'fatal', remedy: 'Correct the listed fields in engine.yaml.' },
  CONFIG_FILE_UNREADABLE: {
    severity: 'fatal',
    remedy: 'Give the path of an engine.yaml that this user may read.',
  },
  CONFIG_YAML_INVALID: { severity: 'fatal', remedy: 'Correct the YAML at the given line and column.' },
  CONFIG_VARIABLE_MISSING: {
    severity: 'fatal',
    remedy: 'Set the variable in the environment, or give a default: ${NAME:-default}.',
  },
  CONFIG_OVERRIDE_INVALID: {
    severity: 'fatal',
    remedy: 'Write overrides as --set path=value, with a path that engine.yaml has.',
  },
  CONFIG_CALENDAR_EXPIRING: {
    severity: 'retryable',
    remedy: 'Extend validTo of the calendar under `calendars:` and list the holidays that follow.',
  },
  CONFIG_VENUE_NAME_UNUSED: {
    severity: 'retryable',
    remedy: 'Rename it, or remove it if the venue is not used.',
  },
  CONFIG_ALLOCATION_ABOVE_ONE: {
    severity: 'retryable',
    remedy: 'Lower the allocations unless the book is meant to be leveraged.',
  },
  SECRET_MISSING: {
    severity: 'fatal',
    remedy: 'Put the secret in the named variable or file, and let this user read it.',
  },
} as const satisfies ErrorTable;

/** Code of a configuration error. */
export type ConfigErrorCode = keyof typeof CONFIG_ERRORS;

/** Raises configuration errors. */
export const configError = errorFactory<ConfigErrorCode>(CONFIG_ERRORS);

/** Where a value stands in engine.yaml: keys and array indexes from the root. */
export type ConfigPath = readonly (string | number)[];

/** One thing wrong with the configuration. Holds no value that came from the environment. */
export interface ConfigIssue {
  readonly code: ConfigErrorCode;
  /** Dotted: `strategies.mr.params.lookback`, `plugins[0].use`; empty for the file as a whole. */
  readonly path: string;
  /** `engine.yaml:14:5`, or `--set` for a value that an override gave; absent where nothing can be pointed at. */
  readonly place?: string;
  readonly message: string;
  readonly remedy: string;
}

const PLAIN_KEY = /^[A-Za-z0-9_-]+$/;

/** Dotted text of a path; keys with other characters than letters, digits, `_` and `-` are quoted in brackets. */
export function formatPath(path: ConfigPath): string {
  let text = '';
  for (const key of path) text = formatStep(text, key);
  return text;
}

/** The text of a path, made of that of the path to the value around. */
export function formatStep(around: string, key: string | number): string {
  if (typeof key === 'number') return `${around}[${key}]`;
  if (!PLAIN_KEY.test(key)) return `${around}[${JSON.stringify(key)}]`;
  return around === '' ? key : `${around}.${key}`;
}

/** One line for an operator: place, path, what is wrong, what to do. */
export function formatIssue(issue: ConfigIssue): string {
  const place = issue.place === undefined ? '' : `${issue.place} `;
  const path = issue.path === '' ? '' : `${issue.path}: `;
  return `${place}${path}${issue.message} ${issue.remedy}`.trim();
}

/**
 * All issues as one error. Its code is CONFIG_INVALID, or the issues' own code where they all have the same one;
 * `details.issues` holds them.
 */
export function configErrorOf(file: string, issues: readonly ConfigIssue[]): TradingError {
  const first = issues[0];
  const same = first !== undefined && issues.every((issue) => issue.code === first.code);
  const code = same ? first.code : 'CONFIG_INVALID';
  const details = { file, issues };
  if (first !== undefined && issues.length === 1) {
    const place = first.place === undefined ? `${file} ` : `${first.place} `;
    const path = first.path === '' ? '' : `${first.path}: `;
    return configError(code, `${place}${path}${first.message}`, { details, remedy: first.remedy });
  }
  const lines = issues.map((issue) => `\n  ${issue.code} ${formatIssue(issue)}`).join('');
  return configError(code, `${file} has ${issues.length} problems:${lines}\n`, {
    details,
    remedy: CONFIG_ERRORS.CONFIG_INVALID.remedy,
  });
}

/** The issues of an error made by {@link configErrorOf}; empty for any other error. */
export function issuesOf(error: TradingError): readonly ConfigIssue[] {
  const issues = error.details['issues'];
  return Array.isArray(issues) ? (issues as readonly ConfigIssue[]) : [];
}

// The codes of plugin loading, and the one place where the failures of a phase become an error.
import { errorFactory } from '@bookrunner/sdk';
import type { ErrorTable, TradingError } from '@bookrunner/sdk';
import { CONFIG_ERRORS, formatPath } from '../config/config-errors.js';
import type { ConfigPath } from '../config/config-errors.js';
import type { ConfigSource } from '../config/config-source.js';

/** Codes of plugin loading. Every row is a row of docs/configuration.md. */
export const PLUGIN_ERRORS = {
  PLUGIN_BOOT_FAILED: { severity: 'fatal', remedy: 'Correct every line above, then start again.' },
  PLUGIN_NOT_FOUND: {
    severity: 'fatal',
    remedy: 'Install the package beside engine.yaml, or fix its name under `plugins:`.',
  },
  PLUGIN_MANIFEST_INVALID: {
    severity: 'fatal',
    remedy:
      'The plugin\'s package.json needs "bookrunner": { "plugin": { "id", "apiVersion", "provides" } }; tell its author.',
  },
  PLUGIN_API_MISMATCH: {
    severity: 'fatal',
    remedy:
      'Install versions of plugin and engine that fit, or list its id under `allowIncompatible:` for paper trading.',
  },
  PLUGIN_DUPLICATE_ID: { severity: 'fatal', remedy: 'Keep one of the two under `plugins:`.' },
  PLUGIN_DUPLICATE_CONTRIBUTION: {
    severity: 'fatal',
    remedy: 'Keep one of the two plugins, or ask an author to rename the contribution.',
  },
  PLUGIN_NOT_A_PLUGIN: {
    severity: 'fatal',
    remedy: 'The default export of the entry module has to be made by definePlugin of @bookrunner/sdk.',
  },
  PLUGIN_ID_MISMATCH: { severity: 'fatal', remedy: 'Give package.json and definePlugin the same id; tell the author.' },
  PLUGIN_PROVIDES_MISMATCH: {
    severity: 'fatal',
    remedy: 'Make `provides` in package.json list exactly what definePlugin contributes; tell the author.',
  },
  PLUGIN_PEER_MISSING: { severity: 'fatal', remedy: 'Install the peer dependency beside the plugin.' },
  PLUGIN_PEER_MISMATCH: {
    severity: 'fatal',
    remedy: 'Install a version of the peer dependency that the plugin accepts, or a plugin that accepts this version.',
  },
  PLUGIN_IMPORT_FAILED: { severity: 'fatal', remedy: 'Build or reinstall the plugin; if it stays, tell its author.' },
  PLUGIN_REQUIRED: {
    severity: 'fatal',
    remedy: 'Remove `required: false`: only plugins that contribute nothing but control surfaces may be missing.',
  },
  PLUGIN_OPTIONS_INVALID: { severity: 'fatal', remedy: 'Correct the listed field in engine.yaml.' },
  CONTRIBUTION_UNKNOWN: {
    severity: 'fatal',
    remedy: 'Correct `use:`, or add the plugin that contributes it under `plugins:`.',
  },
  CAPABILITY_MISSING: {
    severity: 'fatal',
    remedy: 'Use a feed or venue that can do it, or ask for less.',
  },
  PLUGIN_CREATE_FAILED: { severity: 'fatal', remedy: 'Correct its options; if they are right, tell its author.' },
  PLUGIN_OPEN_FAILED: {
    severity: 'fatal',
    remedy: 'See the cause; check address, credentials and whether the other side runs.',
  },
  PLUGIN_OPEN_TIMEOUT: {
    severity: 'fatal',
    remedy: 'Check that the other side runs and can be reached, or allow more time.',
  },
  PLUGIN_CLOSE_FAILED: {
    severity: 'retryable',
    remedy: 'Nothing to do if the engine is stopping; otherwise tell its author.',
  },
} as const satisfies ErrorTable;

/** Code of a plugin error. */
export type PluginErrorCode = keyof typeof PLUGIN_ERRORS;

/** Raises plugin errors. */
export const pluginError = errorFactory<PluginErrorCode>(PLUGIN_ERRORS);

/** The phases of boot in order. Each collects all its failures before it stops. */
export const BOOT_PHASES = ['config', 'manifest', 'import', 'options', 'match', 'create', 'open', 'run'] as const;

/** A phase of boot. */
export type BootPhase = (typeof BOOT_PHASES)[number];

/** One thing that keeps a phase from passing; as a warning, one that does not. Holds no secret. */
export interface PhaseFailure {
  readonly phase: BootPhase;
  /** Of this table, of the secrets', or of the plugin whose part did not open. */
  readonly code: string;
  /** Dotted path in engine.yaml; empty where it is about no single place. */
  readonly path: string;
  /** `engine.yaml:14:5`. */
  readonly place?: string;
  readonly message: string;
  readonly remedy: string;
  /** The other side did not answer, or refused for now: it may be opened a while later. */
  readonly isPassing?: boolean;
}

/** What a failure says, before its place and its default remedy are filled in. */
export interface FailureText {
  readonly code: PluginErrorCode | 'SECRET_MISSING';
  readonly message: string;
  readonly remedy?: string;
}

/** A failure at a path of engine.yaml. Text from the environment is masked. */
export function failureAt(
  where: { readonly phase: BootPhase; readonly source: ConfigSource },
  path: ConfigPath,
  text: FailureText,
): PhaseFailure {
  const place = where.source.place(path);
  const fallback = text.code === 'SECRET_MISSING' ? CONFIG_ERRORS.SECRET_MISSING : PLUGIN_ERRORS[text.code];
  return {
    phase: where.phase,
    code: text.code,
    path: formatPath(path),
    ...(place === undefined ? {} : { place }),
    message: where.source.mask(text.message),
    remedy: text.remedy ?? fallback.remedy,
  };
}

/** One line for an operator: code, place, path, what is wrong, what to do. */
export function formatFailure(failure: PhaseFailure): string {
  const place = failure.place === undefined ? '' : ` ${failure.place}`;
  const path = failure.path === '' ? '' : ` ${failure.path}`;
  return `${failure.code}${place}${path}: ${failure.message} ${failure.remedy}`;
}

/** PLUGIN_BOOT_FAILED with every failure in its text and in `details.failures`. */
export function bootError(failures: readonly PhaseFailure[]): TradingError {
  const phase = failures[0]?.phase ?? 'config';
  const lines = failures.map((failure) => `\n  ${formatFailure(failure)}`).join('');
  const count = failures.length === 1 ? 'a problem' : `${failures.length} problems`;
  return pluginError('PLUGIN_BOOT_FAILED', `phase '${phase}' found ${count}:${lines}\n`, {
    details: { phase, failures },
  });
}

/** The failures of an error made by {@link bootError}; empty for any other error. */
export function failuresOf(error: TradingError): readonly PhaseFailure[] {
  const failures = error.details['failures'];
  return Array.isArray(failures) ? (failures as readonly PhaseFailure[]) : [];
}

/** Throws {@link bootError} if there is a failure. */
export function stopOnFailures(failures: readonly PhaseFailure[]): void {
  if (failures.length > 0) throw bootError(failures);
}

/** First line of what something threw, whatever it threw. */
export function firstLine(cause: unknown): string {
  const message = (cause as { message?: unknown } | null | undefined)?.message;
  const text = typeof message === 'string' && message !== '' ? message : String(cause);
  return (text.split('\n')[0] ?? '').trim().replace(/[.:]$/, '');
}

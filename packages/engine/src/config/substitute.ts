// ${VARIABLE} in the text of engine.yaml.
import type { ConfigIssue, ConfigPath } from './config-errors.js';
import type { ConfigSource } from './config-source.js';
import { mapScalars } from './plain-value.js';

/** The environment: variable name to text. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A document after substitution, and what went wrong. */
export interface Substitution {
  readonly data: unknown;
  readonly issues: readonly ConfigIssue[];
  /** Paths whose value is not known because a variable is missing. */
  readonly missing: readonly ConfigPath[];
}

// `$$`, `${NAME}`, `${NAME:-default}`, or a `${` that is neither.
const TOKEN = /\$\$|\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}|\$\{[^}]*\}?/g;

/**
 * Replaces `${NAME}` and `${NAME:-default}` (taken where the variable is unset or empty) in every string; `$$` is one dollar
 * sign. Values, not keys.
 */
export function substituteVariables(data: unknown, environment: Environment, source: ConfigSource): Substitution {
  const issues: ConfigIssue[] = [];
  const missing: ConfigPath[] = [];
  const result = mapScalars(data, (scalar, path) => {
    if (typeof scalar !== 'string' || !scalar.includes('$')) return scalar;
    let fromEnvironment = false;
    let substituted = false;
    const text = scalar.replace(TOKEN, (token, name: string | undefined, fallback: string | undefined) => {
      if (token === '$$') return '$';
      substituted = true;
      if (name === undefined) {
        issues.push(malformed(source, path, token));
        missing.push(path);
        return '';
      }
      const value = Object.hasOwn(environment, name) ? environment[name] : undefined;
      if (fallback !== undefined && (value === undefined || value === '')) return fallback;
      if (value === undefined) {
        issues.push(unset(source, path, name));
        missing.push(path);
        return '';
      }
      fromEnvironment = true;
      if (mayBeSecret(path)) source.noteMasked(value);
      return value;
    });
    if (substituted) source.noteSubstituted(path, fromEnvironment ? 'environment' : 'default');
    return text;
  });
  return { data: result, issues, missing };
}

/** Options of plugins and the database address may hold secrets; names and numbers of the engine's own sections do not. */
function mayBeSecret(path: ConfigPath): boolean {
  return path[0] === 'database' || path.includes('options');
}

function malformed(source: ConfigSource, path: ConfigPath, token: string): ConfigIssue {
  return source.issue(path, `'${token}' is no variable.`, {
    remedy: 'Write ${NAME} or ${NAME:-default}; a plain dollar sign before a brace is $$.',
  });
}

function unset(source: ConfigSource, path: ConfigPath, name: string): ConfigIssue {
  // database.url is the one secret the engine's own schema has; a plugin's secrets are known only when it is loaded.
  const isSecret = path.length === 2 && path[0] === 'database' && path[1] === 'url';
  return source.issue(path, `the environment variable ${name} is not set.`, {
    code: isSecret ? 'SECRET_MISSING' : 'CONFIG_VARIABLE_MISSING',
  });
}

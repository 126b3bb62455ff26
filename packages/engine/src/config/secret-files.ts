import { readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { isSecret, type Secret } from '@bookrunner/sdk';
import type { ConfigIssue, ConfigPath } from './config-errors.js';
import type { ConfigSource } from './config-source.js';
import { isRecord } from './plain-value.js';

/** Reads the file of a secret, if it has one; gives what is wrong with it. */
export function secretFileIssue(secret: Secret, path: ConfigPath, source: ConfigSource): ConfigIssue | undefined {
  try {
    supply(secret, source.directory);
  } catch (error) {
    const reason = (error as { code?: string }).code ?? 'unknown reason';
    const what = reason === 'ENOENT' ? 'there is no such file' : `it cannot be read (${reason})`;
    return source.issue(path, `secret file '${secret.file}': ${what}.`, { code: 'SECRET_MISSING' });
  }
  if (secret.reveal() !== '') {
    // Whoever says it, in a log or a notice, says ***.
    source.noteMasked(secret.reveal());
    return undefined;
  }
  const where = secret.file === undefined ? 'the secret' : `secret file '${secret.file}'`;
  return source.issue(path, `${where} is empty.`, { code: 'SECRET_MISSING' });
}

/** Relative paths are from engine.yaml on. */
function supply(secret: Secret, directory: string): void {
  const { file } = secret;
  if (file === undefined) return;
  secret.supply(readFileSync(isAbsolute(file) ? file : join(directory, file), 'utf8'));
}

/** Reads the files of all secrets in parsed options; gives what is wrong with them. */
export function secretFileIssues(value: unknown, path: ConfigPath, source: ConfigSource): readonly ConfigIssue[] {
  if (isSecret(value)) {
    const issue = secretFileIssue(value, path, source);
    return issue === undefined ? [] : [issue];
  }
  if (Array.isArray(value)) return value.flatMap((item, index) => secretFileIssues(item, [...path, index], source));
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => secretFileIssues(item, [...path, key], source));
}

// package.json of a plugin: the facts that are read without running its code.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CONTRIBUTION_KINDS } from '@bookrunner/sdk';
import type { ContributionKind } from '@bookrunner/sdk';
import { z } from 'zod';
import { formatPath } from '../config/config-errors.js';
import { isRecord } from '../config/plain-value.js';
import { parseValue } from '../config/parse-value.js';

/** What package.json says under `bookrunner.plugin`. */
export interface PluginManifest {
  readonly id: string;
  readonly apiVersion: number;
  readonly provides: readonly ContributionKind[];
}

/** A package.json as plain data, and its folder. */
export interface PackageFile {
  readonly directory: string;
  readonly data: Readonly<Record<string, unknown>>;
}

const kinds = Object.keys(CONTRIBUTION_KINDS) as [ContributionKind, ...ContributionKind[]];

const manifestSchema = z.strictObject({
  id: z.string().min(1),
  apiVersion: z.int().min(1),
  provides: z.array(z.enum(kinds)).min(1),
});

/** Reads package.json of a folder; a text says what is wrong with it. */
export function readPackageFile(directory: string): PackageFile | string {
  try {
    const data: unknown = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
    return isRecord(data) ? { directory, data } : 'its package.json is no object';
  } catch (error) {
    const code = (error as { code?: string }).code;
    if (code === 'ENOENT') return 'it has no package.json';
    return code === undefined ? 'its package.json is no JSON' : `its package.json cannot be read (${code})`;
  }
}

/** The manifest; undefined where package.json has none, a text where it is faulty. */
export function manifestOf(file: PackageFile): PluginManifest | undefined | string {
  const section = file.data['bookrunner'];
  const manifest = isRecord(section) ? section['plugin'] : undefined;
  if (manifest === undefined) return undefined;
  const parsed = parseValue(manifestSchema, manifest, () => false);
  if (parsed.kind === 'parsed') return parsed.value as PluginManifest;
  return parsed.faults
    .map((fault) => `${formatPath(['bookrunner', 'plugin', ...fault.path])}: ${fault.message}`)
    .join(' ');
}

/** The nearest package.json at or above a folder, not beyond a node_modules folder. */
export function nearestPackageFile(directory: string): PackageFile | undefined {
  for (let folder = directory; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) {
      const file = readPackageFile(folder);
      return typeof file === 'string' ? undefined : file;
    }
    if (dirname(folder) === folder || folder.endsWith('node_modules')) return undefined;
  }
}

/** Path of the entry module by `exports` and `main`, for import from ES modules; undefined where `exports` gives none. */
export function entryOf(file: PackageFile): string | undefined {
  const exported = file.data['exports'];
  const main = file.data['main'];
  if (exported === undefined) return join(file.directory, typeof main === 'string' ? main : 'index.js');
  const root = isRecord(exported) && '.' in exported ? exported['.'] : exported;
  const target = targetOf(root);
  return target === undefined ? undefined : join(file.directory, target);
}

const CONDITIONS = ['node', 'import', 'module-sync', 'default'];

function targetOf(target: unknown): string | undefined {
  if (typeof target === 'string') return target;
  if (Array.isArray(target)) return target.map(targetOf).find((found) => found !== undefined);
  if (!isRecord(target)) return undefined;
  // The first condition that holds, in the order of the file, decides.
  for (const [condition, inner] of Object.entries(target)) {
    const found = CONDITIONS.includes(condition) ? targetOf(inner) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

// From `use:` to a folder and an entry module. Runs no code of the plugin.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hintFor, nearMiss } from '../config/near-miss.js';
import { entryOf, nearestPackageFile, readPackageFile } from './package-file.js';
import type { PackageFile } from './package-file.js';
import type { FailureText } from './plugin-errors.js';
import { sentence } from '../sentence.js';

/** Where a plugin is. `file` is absent for a single module outside any package. */
export interface PluginLocation {
  readonly entry: string;
  readonly file: PackageFile | undefined;
  /** Whether `use` named a module file, which needs no manifest. */
  readonly isModule: boolean;
}

/** Finds a package name, a folder or a file, from the folder of engine.yaml on. */
export function locatePlugin(use: string, configPath: string): PluginLocation | FailureText {
  if (use.startsWith('file:')) return locatePath(use, fileURLToPath(use));
  const isPath = isAbsolute(use) || /^\.\.?([/\\]|$)/.test(use);
  return isPath ? locatePath(use, resolve(dirname(configPath), use)) : locatePackage(use, configPath);
}

function locatePath(use: string, path: string): PluginLocation | FailureText {
  const kind = statSync(path, { throwIfNoEntry: false });
  if (kind === undefined) {
    const siblings = namesIn(dirname(path));
    const near = nearMiss(basename(path), siblings);
    const hint = near === undefined ? '' : ` Did you mean '${use.slice(0, use.length - basename(use).length)}${near}'?`;
    return {
      code: 'PLUGIN_NOT_FOUND',
      message: `there is no file or folder '${use}'.${hint}`,
      remedy: 'Fix the path under `plugins:`; it starts at the folder of engine.yaml.',
    };
  }
  if (!kind.isDirectory()) return locateModule(use, path);
  const file = readPackageFile(path);
  if (typeof file === 'string') return { code: 'PLUGIN_MANIFEST_INVALID', message: sentence(`'${use}': ${file}`) };
  return withEntry(use, file, entryOf(file));
}

function locateModule(use: string, path: string): PluginLocation | FailureText {
  if (!/\.[cm]?js$/.test(path)) {
    return {
      code: 'PLUGIN_IMPORT_FAILED',
      message: `'${use}' is no JavaScript module.`,
      remedy: 'Build it first and name the .js file.',
    };
  }
  return { entry: path, file: nearestPackageFile(dirname(path)), isModule: true };
}

function locatePackage(use: string, configPath: string): PluginLocation | FailureText {
  const require = createRequire(configPath);
  const folder = packageFolder(use, require);
  if (folder === undefined) {
    return {
      code: 'PLUGIN_NOT_FOUND',
      message: `there is no package '${use}'.${hintFor(use, installedLike(use, require))}`,
      remedy: `Run \`npm install ${use}\` in the folder of engine.yaml, or fix the name under \`plugins:\`.`,
    };
  }
  const file = readPackageFile(folder);
  if (typeof file === 'string') return { code: 'PLUGIN_MANIFEST_INVALID', message: sentence(`'${use}': ${file}`) };
  return withEntry(use, file, resolved(use, require) ?? entryOf(file));
}

/** Folder of an installed package, also of one that does not export its package.json. */
function packageFolder(use: string, require: NodeJS.Require): string | undefined {
  const manifest = resolved(`${use}/package.json`, require);
  if (manifest !== undefined) return dirname(manifest);
  return searchFolders(use, require)
    .map((folder) => join(folder, use))
    .find((folder) => existsSync(join(folder, 'package.json')));
}

function searchFolders(use: string, require: NodeJS.Require): readonly string[] {
  return require.resolve.paths(use) ?? [];
}

function resolved(request: string, require: NodeJS.Require): string | undefined {
  try {
    return require.resolve(request);
  } catch {
    // Not installed, not exported, or for import only: the caller looks further.
    return undefined;
  }
}

function withEntry(use: string, file: PackageFile, entry: string | undefined): PluginLocation | FailureText {
  if (entry === undefined) {
    return { code: 'PLUGIN_MANIFEST_INVALID', message: `'${use}': package.json exports no entry module.` };
  }
  if (!existsSync(entry)) {
    return {
      code: 'PLUGIN_IMPORT_FAILED',
      message: `'${use}': its entry module ${entry.slice(file.directory.length + 1)} does not exist.`,
      remedy: 'Build the package, or reinstall it.',
    };
  }
  return { entry, file, isModule: false };
}

/** Names of installed packages for the near miss: those of the same scope, or the unscoped ones. */
function installedLike(use: string, require: NodeJS.Require): readonly string[] {
  const scope = use.startsWith('@') ? use.split('/')[0] : undefined;
  const names = searchFolders(use, require).flatMap((folder) =>
    scope === undefined ? namesIn(folder) : namesIn(join(folder, scope)).map((name) => `${scope}/${name}`),
  );
  // Listing a whole node_modules helps nobody: only near misses are worth showing.
  const near = nearMiss(use, names);
  return near === undefined ? [] : [near];
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

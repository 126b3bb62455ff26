// The code that a plugin can load, as one hash: a change in any module of it is a change of the plugin.
import { createHash, type Hash } from 'node:crypto';
import { type Dirent, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type { PluginLocation } from '../plugins/locate-plugin.js';

/** What `import` and `require` load. */
const LOADED = /\.(?:[cm]?js|json)$/;
/** A module that names another one of its own by a relative path. */
const RELATIVE = /(?:from|import|require)\s*\(?\s*["'](\.{1,2}\/[^"']+)["']/g;
/** What of a package is read; of what lies beyond, names and sizes alone count. */
const MOST_BYTES = 64 * 1_024 * 1_024;
/** Folders below a package that are packages of others, or no code. */
const OTHER_FOLDERS = new Set(['node_modules', '.git']);

/**
 * Twelve hexadecimal digits. Of a package all modules and JSON files below its folder count, other packages apart; of a single module the
 * modules it names by relative paths, and theirs.
 */
export function pluginCode({ entry, file, isModule }: PluginLocation): string {
  const isWhole = !isModule && file !== undefined;
  const folder = isWhole ? file.directory : dirname(entry);
  const files = isWhole ? filesBelow(folder) : modulesFrom(entry);
  const hash = createHash('sha256');
  let left = MOST_BYTES;
  for (const path of [...files].toSorted()) left -= add(hash, { path, name: relative(folder, path), left });
  return hash.digest('hex').slice(0, 12);
}

/** Adds a file; how many bytes of it were read. */
function add(hash: Hash, { path, name, left }: { path: string; name: string; left: number }): number {
  const { size } = statSync(path);
  hash.update(`${name.replaceAll('\\', '/')} ${size}\n`);
  if (size > left) return 0;
  hash.update(readFileSync(path));
  return size;
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((item: Dirent) => {
    const path = join(folder, item.name);
    if (item.isDirectory()) return OTHER_FOLDERS.has(item.name) ? [] : filesBelow(path);
    return item.isFile() && LOADED.test(item.name) ? [path] : [];
  });
}

function modulesFrom(entry: string): ReadonlySet<string> {
  const found = new Set<string>();
  const waiting = [entry];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (found.has(path) || !existsSync(path) || !statSync(path).isFile()) continue;
    found.add(path);
    if (path.endsWith('.json')) continue;
    for (const [, name] of readFileSync(path, 'utf8').matchAll(RELATIVE)) {
      waiting.push(resolve(dirname(path), name as string));
    }
  }
  return found;
}

// The code that a plugin can load, as one hash: a change in any module of it is a change of the plugin.
import { createHash, type Hash } from 'node:crypto';
import { type Dirent, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { isRecord } from '../config/plain-value.js';
import type { PluginLocation } from '../plugins/locate-plugin.js';
import type { PackageFile } from '../plugins/package-file.js';

/** What `import` and `require` load. */
const LOADED = /\.(?:[cm]?js|json)$/;
const MODULE = /\.[cm]?[jt]s$/;
/** A module that names another file of its own by a relative path. */
const RELATIVE = /(?:from|import|require|URL)\s*\(?\s*["'](\.{1,2}\/[^"']+)["']/g;
/** What `require` puts behind a name, after the name itself. */
const ENDINGS = ['', '.js', '.cjs', '.json', '/index.js', '/index.cjs'];
/** What of a package is read; of what lies beyond, names and sizes alone count. */
const MOST_BYTES = 64 * 1_024 * 1_024;
/** Each makes a folder one that the engine writes: data of runs, backups, the catalog's bars. */
const DATA_FILES = ['journal.db', 'bookrunner.db', '_manifest.json'];
/** Together they make a folder that of a run. */
const RUN_FILES = ['config.yaml', 'metrics.json'];

/**
 * Twelve hexadecimal digits. Of a single module, it counts with the modules it names by relative paths, and theirs. Of a package these and
 * package.json do, and every module and JSON file of its `files`, of its entry's folder and of where its `imports` point; where it names
 * no `files`, of its whole folder. Other packages, hidden files and what the engine writes there are no code of it.
 */
export function pluginCode({ entry, file, isModule }: PluginLocation): string {
  const isWhole = !isModule && file !== undefined;
  const folder = isWhole ? file.directory : dirname(entry);
  const files = new Set([...modulesFrom(entry), ...(isWhole ? packageFiles(file, entry) : [])]);
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

function packageFiles({ directory, data }: PackageFile, entry: string): readonly string[] {
  const { files, imports } = data;
  if (!Array.isArray(files)) return filesBelow(directory);
  const named = textsIn([files, imports]).flatMap((pattern) => placeOf(directory, pattern));
  const around = dirname(entry) === resolve(directory) ? [] : [dirname(entry)];
  return [join(directory, 'package.json'), ...[...named, ...around].flatMap(filesAt)];
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return isRecord(value) ? Object.values(value).flatMap(textsIn) : [];
}

/** The file or folder below which all that a pattern of package.json means lies. What it takes away again counts too. */
function placeOf(directory: string, pattern: string): readonly string[] {
  if (pattern.startsWith('!')) return [];
  const parts = pattern.split('/');
  const first = parts.findIndex((part) => /[*?[{(]/.test(part));
  const place = join(directory, ...(first === -1 ? parts : parts.slice(0, first)));
  const isInside = place === directory || place.startsWith(directory + sep);
  return isInside ? [place] : [];
}

function filesAt(path: string): readonly string[] {
  const kind = statSync(path, { throwIfNoEntry: false });
  if (kind?.isDirectory() === true) return filesBelow(path);
  return kind?.isFile() === true && LOADED.test(path) ? [path] : [];
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((item: Dirent) => {
    const path = join(folder, item.name);
    if (item.name.startsWith('.')) return [];
    if (item.isDirectory()) return isOfOthers(path) ? [] : filesBelow(path);
    return item.isFile() && LOADED.test(item.name) ? [path] : [];
  });
}

/** Whether a folder below a package holds other packages, or what the engine writes. */
function isOfOthers(folder: string): boolean {
  const has = (name: string): boolean => existsSync(join(folder, name));
  return basename(folder) === 'node_modules' || DATA_FILES.some(has) || RUN_FILES.every(has);
}

function modulesFrom(entry: string): ReadonlySet<string> {
  const found = new Set<string>();
  const waiting = [entry];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (found.has(path)) continue;
    found.add(path);
    if (!MODULE.test(path)) continue;
    for (const [, name] of readFileSync(path, 'utf8').matchAll(RELATIVE)) {
      waiting.push(...fileNamed(resolve(dirname(path), name as string)));
    }
  }
  return found;
}

function fileNamed(path: string): readonly string[] {
  const found = ENDINGS.map((ending) => path + ending).find((each) =>
    statSync(each, { throwIfNoEntry: false })?.isFile(),
  );
  return found === undefined ? [] : [found];
}

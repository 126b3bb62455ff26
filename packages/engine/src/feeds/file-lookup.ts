// From what options say to files on disk: `{symbol}`, `*` in the file name, a path per symbol.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { hintFor } from '../config/near-miss.js';
import { dataError } from './data-errors.js';

/** One path for all symbols (with `{symbol}` and `*`), or one per symbol. */
export type PathOption = string | Readonly<Record<string, string>>;

/**
 * The files of a symbol, in order of name. Relative paths start at `folder`.
 * Errors: DATA_FILE_MISSING with the near miss in that folder; DATA_SYMBOL_MISSING where paths are per symbol and it has none.
 */
export function filesOf(option: PathOption, symbol: string, folder: string): readonly string[] {
  const pattern = resolve(folder, pathOf(option, symbol).replaceAll('{symbol}', symbol));
  const name = basename(pattern);
  if (!name.includes('*')) {
    if (!isFile(pattern)) throw missing(pattern, folder);
    return [pattern];
  }
  const matcher = new RegExp(`^${name.split('*').map(escapeRegExp).join('.*')}$`);
  const names = namesIn(dirname(pattern)).filter((candidate) => matcher.test(candidate));
  const files = names
    .sort(byCodePoint)
    .map((candidate) => join(dirname(pattern), candidate))
    .filter(isFile);
  if (files.length === 0) throw missing(pattern, folder);
  return files;
}

function pathOf(option: PathOption, symbol: string): string {
  if (typeof option === 'string') return option;
  const path = Object.hasOwn(option, symbol) ? option[symbol] : undefined;
  if (path !== undefined) return path;
  const hint = hintFor(symbol, Object.keys(option));
  throw dataError('DATA_SYMBOL_MISSING', `The feed has no file for '${symbol}'.${hint}`, { details: { symbol } });
}

function missing(path: string, start: string): Error {
  const folder = dirname(path);
  if (existsSync(path)) return dataError('DATA_FILE_UNREADABLE', `${path} is not a file.`, { details: { path } });
  const what = existsSync(folder) ? `.${hintFor(basename(path), namesIn(folder))}` : '; nor does its folder.';
  return dataError('DATA_FILE_MISSING', `${path} does not exist${what}`, {
    details: { path },
    remedy: `Correct the path; a relative one starts at ${resolve(start)} here.`,
  });
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function byCodePoint(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}

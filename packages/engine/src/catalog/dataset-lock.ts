import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { dataError } from '../feeds/data-errors.js';
import { sentence } from '../sentence.js';

const NAME = '_lock';

/**
 * Keeps other writers away from a data set while `work` runs. A lock left behind by a process of this machine that no longer runs
 * is taken over.
 * Errors: DATA_CATALOG_BUSY, and those of the work.
 */
export async function withDatasetLock<Result>(folder: string, work: () => Promise<Result>): Promise<Result> {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, NAME);
  if (!take(path)) {
    const owner = ownerOf(path);
    if (owner !== undefined && !isGone(owner)) throw busy(path, owner);
    rmSync(path, { force: true });
    if (!take(path)) throw busy(path, 'another writer');
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

function take(path: string): boolean {
  try {
    const descriptor = openSync(path, 'wx');
    writeSync(descriptor, `${process.pid} ${hostname()}`);
    closeSync(descriptor);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw dataError('DATA_FILE_UNREADABLE', sentence(`${path} cannot be written: ${(error as Error).message}`), {
      cause: error,
    });
  }
}

function ownerOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function isGone(owner: string): boolean {
  const [pid, host] = owner.split(' ');
  if (host !== hostname() || !/^\d+$/.test(pid ?? '')) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

function busy(path: string, owner: string): Error {
  return dataError('DATA_CATALOG_BUSY', `${path} is held by process ${owner}.`, { details: { path, owner } });
}

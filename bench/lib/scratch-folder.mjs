// Folders beside the benchmarks: the system's folder for temporary files may be in memory, where nothing is ever synced.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const VAR = new URL('../var', import.meta.url).pathname;

/**
 * Gives a fresh folder, and takes it away afterwards.
 * @template Result
 * @param {(folder: string) => Promise<Result>} use
 */
export async function inScratchFolder(use) {
  mkdirSync(VAR, { recursive: true });
  const folder = mkdtempSync(join(VAR, 'bench-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

// What the disk itself takes to make four kilobytes durable: the floor under every order that waits for the journal.
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const BYTES = 4_096;

/**
 * Appends 4 KB and has them synced, again and again.
 * @param {string} folder on the disk in question
 * @param {number} times
 * @returns {Float64Array} ms of each
 */
export function syncTimes(folder, times) {
  const file = openSync(join(folder, 'sync'), 'a');
  const bytes = Buffer.alloc(BYTES, 1);
  try {
    return Float64Array.from({ length: times }, () => {
      const started = performance.now();
      writeSync(file, bytes);
      fdatasyncSync(file);
      return performance.now() - started;
    });
  } finally {
    closeSync(file);
  }
}

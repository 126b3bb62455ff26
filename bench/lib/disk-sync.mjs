// What the disk itself takes to make four kilobytes durable: the floor under every order that waits for the journal.
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const BYTES = Buffer.alloc(4_096, 1);

/** A file that grows by 4 KB at a time, each of them synced. */
export class DiskSync {
  #file;

  /** @param {string} folder on the disk in question */
  constructor(folder) {
    this.#file = openSync(join(folder, 'sync'), 'a');
  }

  /** Appends and syncs; the time it took, in ms. */
  time() {
    const started = performance.now();
    writeSync(this.#file, BYTES);
    fdatasyncSync(this.#file);
    return performance.now() - started;
  }

  close() {
    closeSync(this.#file);
  }
}

// The mark that `bookrunner restore` leaves: the journal ends before what the engine did last.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { syncPath } from './stored-file.js';

/** Name of the mark in a data folder. */
export const RESTORED_FILE = 'RESTORED';

/** `dataDir/RESTORED`: it stays until a run has written down that it gives other order numbers from now on. */
export class RestoreMark {
  readonly #path: string;

  constructor(dataDir: string) {
    this.#path = join(dataDir, RESTORED_FILE);
  }

  /** What happened to the folder, as part of a sentence; undefined where nothing did. One that somebody put there by hand counts. */
  read(): string | undefined {
    try {
      const [line = ''] = readFileSync(this.#path, 'utf8').split('\n');
      return line.trim() === '' ? 'restored or copied' : line.trim();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      return 'restored';
    }
  }

  /** `text` goes on from *the data folder was …*. Errors: those of the disk. */
  write(text: string): void {
    writeFileSync(this.#path, `${text}\n`, { mode: 0o600 });
  }

  /** One that cannot be taken away costs nothing but another jump. */
  clear(): void {
    try {
      rmSync(this.#path, { force: true });
      syncPath(dirname(this.#path));
    } catch {
      // It is found again at the next start.
    }
  }
}

// `dataDir/PANIC`: whoever can write a file can stop the engine. Polled: watching is not reliable on every file system.
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** How often the file is looked for. */
export const PANIC_POLL_MS = 250;

/** Options of {@link PanicFile}. */
export interface PanicFileOptions {
  readonly dataDir: string;
  /** Called once each time the file is found. */
  readonly onFound: () => void;
  /** Whether what it asked for is on disk elsewhere, or over: only then the file is taken away. */
  readonly isKept: () => boolean;
  readonly pollMs?: number;
}

/** Looks for the file until stopped. A file that stays panics once, not again and again. */
export class PanicFile {
  readonly path: string;
  readonly #options: PanicFileOptions;
  #timer: NodeJS.Timeout | undefined;
  #isStuck = false;

  constructor(options: PanicFileOptions) {
    this.path = PanicFile.pathIn(options.dataDir);
    this.#options = options;
  }

  static pathIn(dataDir: string): string {
    return join(dataDir, 'PANIC');
  }

  start(): void {
    this.#timer ??= setInterval(() => this.look(), this.#options.pollMs ?? PANIC_POLL_MS);
    this.look();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Looks once. */
  look(): void {
    if (!existsSync(this.path)) {
      this.#isStuck = false;
      return;
    }
    if (!this.#isStuck) {
      this.#isStuck = true;
      this.#options.onFound();
    }
    if (!this.#options.isKept()) return;
    try {
      rmSync(this.path, { force: true, recursive: true });
      this.#isStuck = false;
    } catch {
      // Left where it is: the latch is written, and the next start says so.
    }
  }
}

// The kill switch on disk: `dataDir/HALTED`. It survives the process, and a person, not a restart, takes it away.
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { EpochMs } from '@bookrunner/sdk';
import { controlError } from './control-errors.js';

/** How much is stopped: entries, everything but reductions, everything including positions. */
export type HaltLevel = 'halt' | 'reduce-only' | 'panic';

/** One reason why new risk is stopped. */
export interface HaltEntry {
  readonly level: HaltLevel;
  /** The book concerned; absent for all. */
  readonly book?: string;
  readonly reason: string;
  /** Who or what stopped it. */
  readonly actor: string;
  readonly at: EpochMs;
}

const LEVELS: readonly unknown[] = ['halt', 'reduce-only', 'panic'];

/**
 * The latch of one data folder. Every write is complete on disk before the call returns. A file that cannot be read as one of
 * ours counts as a halt of everything: `touch HALTED` works.
 * Errors: HALT_LATCH_UNWRITABLE.
 */
export class HaltLatch {
  readonly path: string;

  constructor(dataDir: string) {
    this.path = join(dataDir, 'HALTED');
  }

  /** Why new risk is stopped; empty where it is not. */
  read(): readonly HaltEntry[] {
    let text: string;
    try {
      text = readFileSync(this.path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      return [unreadable(`The file HALTED cannot be read: ${(error as NodeJS.ErrnoException).code}.`)];
    }
    return parse(text) ?? [unreadable(text.trim() === '' ? 'The file HALTED was put there.' : text.trim())];
  }

  /** Adds a reason; one of the same level and book is replaced. */
  add(entry: HaltEntry): void {
    const others = this.read().filter((known) => known.level !== entry.level || known.book !== entry.book);
    this.#write([...others, entry]);
  }

  /** Takes away the reasons of one book, or those that concern everything; undefined is everything. */
  release(book: string | undefined): void {
    const known = this.read();
    const kept = known.filter((entry) => entry.book !== book);
    if (kept.length === 0) this.clear();
    else if (kept.length < known.length) this.#write(kept);
  }

  /** Takes every reason away. */
  clear(): void {
    this.#attempt(() => {
      rmSync(this.path, { force: true });
      syncFolder(dirname(this.path));
    });
  }

  #write(entries: readonly HaltEntry[]): void {
    this.#attempt(() => {
      const folder = dirname(this.path);
      mkdirSync(folder, { recursive: true });
      const draft = `${this.path}.${process.pid}.tmp`;
      const file = openSync(draft, 'w');
      try {
        writeSync(file, `${JSON.stringify({ halted: entries }, undefined, 2)}\n`);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      renameSync(draft, this.path);
      syncFolder(folder);
    });
  }

  #attempt(act: () => void): void {
    try {
      act();
    } catch (cause) {
      throw controlError('HALT_LATCH_UNWRITABLE', 'The file HALTED cannot be written to the data folder.', {
        cause,
        details: { path: this.path },
      });
    }
  }
}

/** One line for a person: who stopped what, and why. */
export function haltText(entry: HaltEntry): string {
  const what = entry.book === undefined ? 'everything' : `book ${entry.book}`;
  return `${entry.level} of ${what} by ${entry.actor}: ${entry.reason}`;
}

function unreadable(reason: string): HaltEntry {
  return { level: 'halt', reason, actor: 'file HALTED', at: 0 };
}

function parse(text: string): readonly HaltEntry[] | undefined {
  try {
    const { halted } = JSON.parse(text) as { readonly halted?: unknown };
    return Array.isArray(halted) && halted.length > 0 && halted.every(isEntry) ? halted : undefined;
  } catch {
    return undefined;
  }
}

function isEntry(value: unknown): value is HaltEntry {
  if (typeof value !== 'object' || value === null) return false;
  const { level, book, reason, actor, at } = value as Readonly<Record<string, unknown>>;
  const isBook = book === undefined || typeof book === 'string';
  return (
    LEVELS.includes(level) &&
    isBook &&
    typeof reason === 'string' &&
    typeof actor === 'string' &&
    typeof at === 'number'
  );
}

/** Makes a rename last; a file system that cannot sync folders does it by itself. */
function syncFolder(folder: string): void {
  let handle: number;
  try {
    handle = openSync(folder, 'r');
  } catch {
    return;
  }
  try {
    fsyncSync(handle);
  } catch (error) {
    if (!['EINVAL', 'EPERM', 'EISDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    closeSync(handle);
  }
}

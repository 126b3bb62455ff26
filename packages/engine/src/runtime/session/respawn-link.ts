// What an engine's process tells the parent of `--respawn`: what a next process needs not do again, and where a panic can be latched.
import type { SessionParent } from './paper-options.js';

/** One word of it: the data folder is known, the session has begun, a panic that the parent asked for is latched. */
export type ChildWord =
  | { readonly bookrunner: 'data-folder'; readonly dataDir: string }
  | { readonly bookrunner: 'begun' }
  | { readonly bookrunner: 'panic-latched' };

/** The parent of a process that it has started. */
export function respawnParent(): SessionParent {
  return {
    holds: (dataDir) => say({ bookrunner: 'data-folder', dataDir }),
    begun: () => say({ bookrunner: 'begun' }),
    panicLatched: () => say({ bookrunner: 'panic-latched' }),
  };
}

/** A parent that has gone is told nothing. */
function say(word: ChildWord): void {
  if (process.connected) process.send?.(word, undefined, undefined, () => {});
}

/** What a child said; undefined where that is something else. */
export function wordOf(message: unknown): ChildWord | undefined {
  const { bookrunner, dataDir } = (message ?? {}) as Readonly<Record<string, unknown>>;
  if (bookrunner === 'begun' || bookrunner === 'panic-latched') return { bookrunner };
  return bookrunner === 'data-folder' && typeof dataDir === 'string' ? { bookrunner, dataDir } : undefined;
}

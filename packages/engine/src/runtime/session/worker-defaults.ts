// How the engine worker is started unless told otherwise.
import { existsSync, statSync } from 'node:fs';
import type { SupervisorLimits, WorkerMemory } from './supervisor.js';
import { BEAT_LIMIT_MS, PANIC_LIMIT_MS, START_LIMIT_MS } from './watchdog.js';

/** How long the main thread waits. */
export const WORKER_LIMITS: SupervisorLimits = {
  beatMs: BEAT_LIMIT_MS,
  startMs: START_LIMIT_MS,
  panicMs: PANIC_LIMIT_MS,
  commandMs: 2_000,
  snapshotMs: 250,
  terminateMs: 1_000,
};

/** Enough for years of fills; a strategy that keeps everything ends the worker, not the process. */
export const WORKER_MEMORY: WorkerMemory = { maxOldGenerationSizeMb: 4_096 };

/**
 * Threads run compiled code, in dist whether this file is there or source: the bundle of it, which loads in half the time, unless the
 * compiler ran after it was made.
 */
export function workerEntry(): URL {
  const isCompiled = existsSync(new URL('./worker-entry.js', import.meta.url));
  const dist = new URL(isCompiled ? '../' : '../../dist/', import.meta.url);
  const bundled = new URL('bundle/worker-entry.js', dist);
  const bundledAt = writtenAt(bundled);
  const isCurrent = bundledAt > 0 && bundledAt >= writtenAt(new URL('.tsbuildinfo', dist));
  return isCurrent ? bundled : new URL('runtime/session/worker-entry.js', dist);
}

/** When a file of the build was written; 0 where it is not there. */
function writtenAt(file: URL): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

// How the engine worker is started unless told otherwise.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
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

/** Threads run compiled code: beside this file, or in dist where this file is source. */
export function workerEntry(): URL {
  const beside = new URL('./worker-entry.js', import.meta.url);
  return existsSync(fileURLToPath(beside)) ? beside : new URL('../../dist/runtime/worker-entry.js', import.meta.url);
}

// Whether hot code allocates, judged by the growth of the heap. Some test runners put a guard before the global object; there V8
// boxes every number that goes through Math or Number, which the code cannot help, so the limit depends on a probe.

/** Rounds before each measurement and during one. */
const WARM_UP_ROUNDS = 200;
const MEASURED_ROUNDS = 40;
/** Code not yet compiled allocates numbers: measuring goes on until two measurements are lean, or none ever will be. */
const MEASUREMENTS = 30;
/** Milliseconds between two: where all processors are busy, the threads that compile have their turn. */
const PAUSE_MS = 10;
/** Calls in one round of the probe. */
const PROBE_CALLS = 64;

/** Bytes a call that pass as nothing: without such a guard, and with one. */
const LIMIT_DIRECT = 24;
const LIMIT_GUARDED = 256;

/** What a measurement found. */
export interface AllocationFinding {
  /** Bytes a call of the leanest measurements; infinity where the collector never rested. */
  readonly bytes: number;
  /** Whether that is more than the runner itself explains. */
  readonly allocates: boolean;
}

/** Measures code that makes `calls` calls a round. */
export async function measureAllocation(round: () => void, calls: number): Promise<AllocationFinding> {
  runnerLimit ??= (await leanestGrowth(probe, PROBE_CALLS, 1)) < 1 ? LIMIT_DIRECT : LIMIT_GUARDED;
  const limit = runnerLimit;
  const bytes = await leanestGrowth(round, calls, limit);
  return { bytes, allocates: bytes >= limit };
}

/** The limit here, once the probe has run. */
let runnerLimit: number | undefined;

let carried = 0.5;

function probe(): void {
  let value = carried;
  for (let i = 0; i < PROBE_CALLS; i += 1) value = Number.isFinite(value) ? Math.max(value * 1.000_1, 0.25) : 0.5;
  carried = value;
}

/**
 * Heap growth a call of the second leanest measurement; stops once two are below `enough`. One alone may be the collector's doing: what
 * it frees meanwhile can be as much as was allocated.
 */
async function leanestGrowth(round: () => void, calls: number, enough: number): Promise<number> {
  let leanest = Number.POSITIVE_INFINITY;
  let second = Number.POSITIVE_INFINITY;
  for (let i = 0; i < MEASUREMENTS && second >= enough; i += 1) {
    // oxlint-disable-next-line no-await-in-loop
    if (i > 0) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    for (let k = 0; k < WARM_UP_ROUNDS; k += 1) round();
    const before = process.memoryUsage().heapUsed;
    for (let k = 0; k < MEASURED_ROUNDS; k += 1) round();
    const bytes = (process.memoryUsage().heapUsed - before) / (MEASURED_ROUNDS * calls);
    // Less than before: the collector ran meanwhile, and the measurement says nothing.
    if (!(bytes >= 0) || bytes >= second) continue;
    second = Math.max(leanest, bytes);
    leanest = Math.min(leanest, bytes);
  }
  return second;
}

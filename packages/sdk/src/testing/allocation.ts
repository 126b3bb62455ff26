// Whether hot code allocates, judged by the growth of the heap. Some test runners put a guard before the global object; there V8
// boxes every number that goes through Math or Number, which the code cannot help, so the limit depends on a probe.

/** Rounds before each measurement and during one. */
const WARM_UP_ROUNDS = 200;
const MEASURED_ROUNDS = 40;
/** Code not yet compiled allocates numbers: measuring goes on until one measurement is lean, or until it never will be. */
const MEASUREMENTS = 30;
/** Calls in one round of the probe. */
const PROBE_CALLS = 64;

/** Bytes a call that pass as nothing: without such a guard, and with one. */
const LIMIT_DIRECT = 24;
const LIMIT_GUARDED = 256;

/** What a measurement found. */
export interface AllocationFinding {
  /** Bytes a call of the leanest measurement. */
  readonly bytes: number;
  /** Whether that is more than the runner itself explains. */
  readonly allocates: boolean;
}

/** Measures code that makes `calls` calls a round. */
export function measureAllocation(round: () => void, calls: number): AllocationFinding {
  runnerLimit ??= leanestGrowth(probe, PROBE_CALLS, 1) < 1 ? LIMIT_DIRECT : LIMIT_GUARDED;
  const limit = runnerLimit;
  const bytes = leanestGrowth(round, calls, limit);
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

/** Heap growth a call of the leanest measurement; stops at the first below `enough`. */
function leanestGrowth(round: () => void, calls: number, enough: number): number {
  let leanest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < MEASUREMENTS && leanest >= enough; i += 1) {
    for (let k = 0; k < WARM_UP_ROUNDS; k += 1) round();
    const before = process.memoryUsage().heapUsed;
    for (let k = 0; k < MEASURED_ROUNDS; k += 1) round();
    const bytes = (process.memoryUsage().heapUsed - before) / (MEASURED_ROUNDS * calls);
    // Less than before: the collector ran meanwhile, and the measurement says nothing.
    if (bytes >= 0) leanest = Math.min(leanest, bytes);
  }
  return leanest;
}

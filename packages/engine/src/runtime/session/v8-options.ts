import { setFlagsFromString } from 'node:v8';

/** Bytes of bytecode that V8 puts into one compiled function by inlining. */
interface Inlining {
  /** In place of its 920. */
  readonly bytes: number;
  /** With the smallest functions, which do not count among those: in place of its 4,600. */
  readonly bytesInAll: number;
}

/**
 * A tick passes some fifty small functions on its way to an order; where a call is left, doubles are boxed on the heap and checks are made
 * again. Compiling takes longer: so much pays in a process that lives for days (a quarter off the way from tick to order, a tenth of which is from
 * 4,000 on; `npm run bench -- latency`).
 */
const IN_LONG_RUNS: Inlining = { bytes: 8_000, bytesInAll: 12_000 };
/**
 * As much as a backtest of a second does not pay for: a tenth off the instructions of a bar once all is compiled (`npm run
 * bench:instructions`; 1,645 with 1,400 bytes, 1,499 with 2,000, 1,412 with 4,000). With 4,000 a cold run of a million bars is a tenth longer,
 * and its peak memory 5 MB higher.
 */
const IN_BACKTESTS: Inlining = { bytes: 2_000, bytesInAll: 4_600 };
/**
 * The space for new objects stays as large as loading the engine has made it (two halves of 8 MB) and is not doubled once more. A
 * backtest leaves little that is new, so that the second doubling wins no time: 16 MB less at its peak.
 */
const NEW_SPACE_AS_IT_IS = '--semi-space-growth-factor=1';

/**
 * Size of each half of the space for new objects, in MB: the most V8 gives it of itself, from the beginning. Left alone it doubles from
 * 1 MB on, for the last time after some ten minutes of a busy session, and memory that grows so long looks like a leak. For processes of
 * one's own; see {@link fullNewSpace}.
 */
export const LONG_RUN_NODE_OPTIONS: readonly string[] = ['--min-semi-space-size=16'];

/** Threads that begin from now on have {@link LONG_RUN_NODE_OPTIONS}, as far as their own limits let them; this one keeps the size it has. */
export function fullNewSpace(): void {
  for (const option of LONG_RUN_NODE_OPTIONS) setFlagsFromString(option);
}

/** Sets V8 up for an engine that runs for long; the setting is that of the whole process. */
export function tuneForLongRuns(): void {
  inline(IN_LONG_RUNS);
}

/** Sets V8 up for a process that runs a backtest. */
export function tuneForBacktests(): void {
  inline(IN_BACKTESTS);
  setFlagsFromString(NEW_SPACE_AS_IT_IS);
}

function inline({ bytes, bytesInAll }: Inlining): void {
  setFlagsFromString(`--max-inlined-bytecode-size-cumulative=${bytes}`);
  setFlagsFromString(`--max-inlined-bytecode-size-absolute=${bytesInAll}`);
}

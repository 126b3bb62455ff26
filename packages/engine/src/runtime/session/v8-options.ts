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
 * What most bars pass is one function then: a sixth off the time of a bar against 2,000 bytes, and 3,000 and 6,000 lie between. A cold run of a million
 * bars takes 0.02 s longer for it of 0.55, and its peak memory is the same (`npm run bench -- w1`, `-- cli`). More bytes win nothing.
 */
const IN_BACKTESTS: Inlining = { bytes: 8_000, bytesInAll: 12_000 };
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

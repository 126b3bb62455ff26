import { setFlagsFromString } from 'node:v8';

/**
 * Bytes of bytecode that V8 puts into one compiled function by inlining, in place of its 920. A tick passes some fifty small
 * functions on its way to an order; where a call is left, doubles are boxed on the heap and checks are made again. A sixth off the
 * instructions of a bar (`npm run bench:instructions`). Compiling takes longer: a backtest of a million bars from cold is some
 * tenth longer, which it has gained back after two or three million.
 */
const INLINED_BYTECODE = 4_000;

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

/** Sets V8 up for an engine; the setting is that of the whole process. */
export function tuneForEngine(): void {
  setFlagsFromString(`--max-inlined-bytecode-size-cumulative=${INLINED_BYTECODE}`);
}

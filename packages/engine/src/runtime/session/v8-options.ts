import { setFlagsFromString } from 'node:v8';

/**
 * Bytes of bytecode that V8 puts into one compiled function by inlining, in place of its 920. A tick passes some fifty small
 * functions on its way to an order; where a call is left, doubles are boxed on the heap and checks are made again. Compiling takes
 * longer: it pays in a process that lives for days (a fifth off the way from tick to order, `npm run bench -- latency`), and
 * not in a backtest of a second.
 */
const INLINED_BYTECODE = 4_000;

/** Sets V8 up for an engine that runs for long; the setting is that of the whole process. */
export function tuneForLongRuns(): void {
  setFlagsFromString(`--max-inlined-bytecode-size-cumulative=${INLINED_BYTECODE}`);
}

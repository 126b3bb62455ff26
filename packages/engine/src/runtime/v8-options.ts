import { setFlagsFromString } from 'node:v8';

/**
 * Bytes of bytecode that V8 puts into one compiled function by inlining, in place of its 920. A bar passes some thirty small
 * functions on its way through the kernel; where a call is left, doubles are boxed on the heap and checks are made again. More than
 * this gains no further and compiles longer. Measured by `npm run bench -- w1`, `w1r`, `w2` and `latency`.
 */
const INLINED_BYTECODE = 4_000;

/** Sets V8 up for the kernel. For processes of our own, before the kernel runs; a library leaves its host's V8 alone. */
export function tuneForKernel(): void {
  setFlagsFromString(`--max-inlined-bytecode-size-cumulative=${INLINED_BYTECODE}`);
}

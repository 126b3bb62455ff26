// Sums and quotients of decimals without what doubles leave in the last bit. What a broker reports is never too large for it.
import { fromScaled, toScaled } from '@bookrunner/sdk';

/** The double nearest to the value at so many decimals, or at fewer where a double has no more. What is no number stays so. */
export function exactDecimal(value: number, decimals: number): number {
  if (!Number.isFinite(value)) return value;
  for (let kept = decimals; kept >= 0; kept--) {
    if (Math.abs(value) * Number(`1e${kept}`) <= MOST) return fromScaled(toScaled(value, kept), kept);
  }
  // Above 2^53 there are only whole numbers.
  return value;
}

/** Rounding a number below it does not lead out of what an integer holds exactly. */
const MOST = Number.MAX_SAFE_INTEGER - 1;

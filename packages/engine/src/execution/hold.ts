/**
 * Why a slot may send nothing, as bits of `holds` of a TargetSlot. Cancels are not held back: they add no risk; what is asked of a venue that
 * is away, it refuses.
 */
export const HOLD = {
  /** Its broker is away, or has not yet said what is there. */
  gate: 1,
  /** The broker's position is another one than the books', and was so once. */
  doubt: 2,
  /** It was so twice: a person decides. */
  frozen: 4,
  /** A panic on a shared account waits for the broker to say what is there. */
  look: 8,
  /** The run ends with `engine.onStop: cancel-all`: what is live is cancelled, and nothing comes after it. */
  stop: 16,
} as const;

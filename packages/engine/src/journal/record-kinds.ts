// The first byte of a record. A number is never used again for something else; a new one makes a new journal version.
export const KIND = {
  tick: 1,
  bar: 2,
  timer: 3,
  report: 4,
  /** Events that are rare: as plain values. */
  event: 5,
  submit: 6,
  cancel: 7,
  replace: 8,
  query: 9,
  notify: 10,
  handed: 11,
  barOpen: 12,
  barRange: 13,
  advance: 14,
  liquidation: 15,
  seam: 16,
  end: 17,
  gap: 18,
  /** A submit of an entry, and the protection that its position is to have. */
  protectedSubmit: 19,
  /** The cancel of an order that is not the engine's. */
  'cancel-foreign': 20,
} as const;

/** Bits of a tick: who saw it, and which numbers are not written. */
export const TICK = { venue: 1, kernel: 2, isReceivedAt: 4, isHappenedAt: 8 } as const;

/** The numbers of a tick that are often not known, and the bit that says so. */
export const TICK_NUMBERS = [
  ['bid', 16],
  ['ask', 32],
  ['bidSize', 64],
  ['askSize', 128],
  ['last', 256],
  ['size', 512],
] as const;

/** All bits a tick may have. */
export const TICK_BITS = 1_023;

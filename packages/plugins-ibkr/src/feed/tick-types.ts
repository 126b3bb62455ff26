// Tick types of TWS by number. Source: TickType of the TWS API, server version 193.

/** What a price tick is of. */
export const PRICE_TYPES = { bid: 1, ask: 2, last: 4 } as const;
/** What a size tick is of. */
export const SIZE_TYPES = { bid: 0, ask: 3, last: 5 } as const;
/** Text. */
export const RT_VOLUME = 48;
/** Generic values. */
export const HALTED = 49;
export const DELAYED_HALTED = 90;

const FIRST_DELAYED = 66;
const DELAYED: Readonly<Record<number, number>> = { 66: 1, 67: 2, 68: 4, 69: 0, 70: 3, 71: 5 };
/** Highest number that IB has given to a tick type. */
const LAST_KNOWN = 105;

/** Whether the tick is one of delayed data. */
export function isDelayedType(tickType: number): boolean {
  return tickType >= FIRST_DELAYED && DELAYED[tickType] !== undefined;
}

/** The tick type of live data that a delayed one stands for; the type itself where it is none. */
export function liveTypeOf(tickType: number): number {
  return tickType < FIRST_DELAYED ? tickType : (DELAYED[tickType] ?? tickType);
}

/** Whether IB has such a tick type, used here or not. */
export function isKnownType(tickType: number): boolean {
  return tickType >= 0 && tickType <= LAST_KNOWN;
}

/** Generic ticks to ask for: 233 brings RTVolume. */
export const RT_VOLUME_REQUEST = '233';

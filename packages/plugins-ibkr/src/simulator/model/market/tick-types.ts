// Numbers of tick types, live and delayed.

/** What a market-data subscription tells, by what it means. */
export interface TickNumbers {
  readonly bid: number;
  readonly ask: number;
  readonly last: number;
  readonly bidSize: number;
  readonly askSize: number;
  readonly lastSize: number;
  readonly high: number;
  readonly low: number;
  readonly volume: number;
  readonly close: number;
  readonly open: number;
  readonly lastTime: number;
  readonly halted: number;
}

export const LIVE_TICKS: TickNumbers = {
  bid: 1,
  ask: 2,
  last: 4,
  bidSize: 0,
  askSize: 3,
  lastSize: 5,
  high: 6,
  low: 7,
  volume: 8,
  close: 9,
  open: 14,
  lastTime: 45,
  halted: 49,
};

export const DELAYED_TICKS: TickNumbers = {
  bid: 66,
  ask: 67,
  last: 68,
  bidSize: 69,
  askSize: 70,
  lastSize: 71,
  high: 72,
  low: 73,
  volume: 74,
  close: 75,
  open: 76,
  lastTime: 88,
  halted: 90,
};

/** Time and sales in one tick: `price;size;time in ms;total volume;average price;single`. */
export const RT_VOLUME = 48;
/** Exchanges of bid, ask and last trade, as letters. */
export const BID_EXCHANGE = 32;
export const ASK_EXCHANGE = 33;
export const LAST_EXCHANGE = 84;
/** Greeks of the model. */
export const MODEL_OPTION = 13;

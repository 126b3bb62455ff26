import type { Bar, BarValues, EpochMs, OrderChange, OrderRef, Tick } from '@bookrunner/sdk';
import type { OrderRecord } from '../execution/order-record.js';

/**
 * A venue inside the process, fed by the same merged stream as the kernel and ahead of it: what backtests and paper runs trade
 * at. It answers through its listener during these calls.
 */
export interface SynchronousVenue {
  /** When it has something to do by itself: latency, expiry, financing; infinity for nothing. */
  readonly nextDeadline: EpochMs;
  /** True where the orders have left; false where it tells so, or something else, by a report. */
  submit(group: readonly OrderRecord[], now: EpochMs): boolean;
  cancel(order: OrderRecord, now: EpochMs): void;
  replace(order: OrderRecord, change: OrderChange, now: EpochMs): void;
  onTick(instrumentIndex: number, tick: Tick, now: EpochMs): void;
  /**
   * Whether a tick of an instrument does nothing that the next one does not do anew, so that the venue need not see it. Absent where each
   * has to come.
   */
  isIdle?(instrumentIndex: number): boolean;
  /**
   * A whole bar that no order can fill in and in which nothing is due: taken at once. False, and nothing is done, where it has to
   * come as its open and its range.
   */
  passBar(instrumentIndex: number, bar: Bar): boolean;
  onBarOpen(instrumentIndex: number, open: number, now: EpochMs): void;
  onBarRange(instrumentIndex: number, bar: BarValues, now: EpochMs): void;
  advance(now: EpochMs): void;
  /** Asks a broker for its snapshot; its answer is an event. Simulated venues are never asked. */
  query?(venue: string, query: number, now: EpochMs): void;
  /** Asks a broker to cancel an order that is not the engine's. */
  cancelForeign?(venue: string, ref: OrderRef): void;
}

import type { Currency } from './instrument.js';
import type { EpochMs } from './time.js';

/** What an account is worth, in its currency. */
export interface AccountState {
  readonly ts: EpochMs;
  readonly account: string;
  readonly currency: Currency;
  readonly equity: number;
  /** NaN where it cannot be told now: then it is not compared. */
  readonly cash: number;
  /**
   * Least unit in which the venue tells `cash`, where it rounds it or cuts it off: 0.01 for cents. Books are exact, and up to that is no difference.
   * Absent: `cash` is exact.
   */
  readonly cashStep?: number;
  readonly margin: number;
  readonly buyingPower: number;
}
